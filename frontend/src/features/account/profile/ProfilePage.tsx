import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { signatureQuery } from "@/api/account";
import { meQuery, updateMe } from "@/api/session";
import type { MeInput } from "@/api/types";
import { EditSection, Fact } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { useMe } from "@/shared/session";
import classes from "../Account.module.css";
import { HoursSection } from "../hours/HoursSection";
import { Picture } from "./Picture";
import { SignatureSection } from "./SignatureSection";

const ADDRESS = ["street", "city", "state", "zip", "country"] as const;
const COMPLETES = {
  street: "street-address",
  city: "address-level2",
  state: "address-level1",
  zip: "postal-code",
  country: "country-name",
} as const;

export function ProfilePage() {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const me = useMe();
  const queryClient = useQueryClient();
  if (!me) return null;
  const save = async (changes: MeInput, words: string) => {
    queryClient.setQueryData(meQuery().queryKey, await updateMe(changes));
    // The templates are filled with what was changed.
    void queryClient.invalidateQueries({ queryKey: signatureQuery().queryKey });
    said(words);
  };
  return (
    <div className={classes.card}>
      <EditSection
        title={t("profile.primary")}
        layout="wide"
        before={<Picture />}
        after={
          <>
            <Fact label={t("profile.email")}>{me.email}</Fact>
            <Fact label={t("profile.role")}>{common(`role.${me.role}`)}</Fact>
            <Fact label={t("profile.organization")}>{me.organization.name}</Fact>
          </>
        }
        fields={[
          { name: "name", label: t("profile.name"), required: true, autoComplete: "name" },
          { name: "phone", label: t("profile.phone"), kind: "phone", autoComplete: "tel" },
          { name: "job_title", label: t("profile.jobTitle"), autoComplete: "organization-title" },
          { name: "company", label: t("profile.company"), autoComplete: "organization" },
        ]}
        values={{ name: me.name, phone: me.phone, job_title: me.job_title, company: me.company }}
        onSave={(changes) => save(changes, t("profile.saved"))}
      />
      <SignatureSection />
      <EditSection
        title={t("address.title")}
        layout="wide"
        within="address"
        fields={ADDRESS.map((name) => ({ name, label: t(`address.${name}`), autoComplete: COMPLETES[name] }))}
        values={me.address}
        onSave={(address) => save({ address }, t("address.saved"))}
      />
      <HoursSection />
    </div>
  );
}
