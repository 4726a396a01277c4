import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { IconCompass } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/errors";
import { ButtonLink } from "@/shared/links";
import { EmptyState, ErrorState } from "@/shared/states";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <EmptyState icon={IconCompass} title={t("notFound.title")} why={t("notFound.why")}>
      <ButtonLink to="/contacts" variant="default">
        {t("notFound.go")}
      </ButtonLink>
    </EmptyState>
  );
}

export function RouteErrorPage({ error }: ErrorComponentProps) {
  const router = useRouter();
  const { reset } = useQueryErrorResetBoundary();
  if (error instanceof ApiProblem && error.status === 404) return <NotFoundPage />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <ErrorState error={error} retry={retry} />;
}
