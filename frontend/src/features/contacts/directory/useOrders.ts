import { useTranslation } from "react-i18next";

const ORDERS = [
  "-created_at",
  "created_at",
  "name",
  "-name",
  "company",
  "-company",
  "email",
  "-email",
  "-last_activity_at",
  "last_activity_at",
] as const;

/** The orders of the directory, in words. */
export function useOrders() {
  const { t } = useTranslation("directory");
  return ORDERS.map((value) => ({ value, label: t(`sort.${value}`) }));
}
