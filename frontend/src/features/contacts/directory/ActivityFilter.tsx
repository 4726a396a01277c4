import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { useMe } from "@/shared/session";
import { PanelFilter } from "./PanelFilter";

// The calendar comes when somebody asks for it.
const ActivityDays = lazy(() => import("./ActivityDays"));

interface Props {
  after: string | undefined;
  before: string | undefined;
  onChange: (days: { after?: string | undefined; before?: string | undefined }) => void;
}

/** When something last happened with a contact: since a day, before a day, or between the two. */
export function ActivityFilter({ after, before, onChange }: Props) {
  const { t } = useTranslation("directory");
  const me = useMe();
  const { civil } = useFormat();
  const zone = me?.time_zone ?? "UTC";
  const today = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone: zone }).format(
    me ? new Date(me.now) : undefined,
  );
  const said =
    after && before
      ? t("activity.saidBoth", { since: civil(after), before: civil(before) })
      : after
        ? t("activity.saidSince", { since: civil(after) })
        : before && t("activity.saidBefore", { before: civil(before) });
  return (
    <PanelFilter
      label={t("filter.activity")}
      value={said || undefined}
      onClear={() => onChange({ after: undefined, before: undefined })}
    >
      {() => (
        <Suspense fallback={null}>
          <ActivityDays after={after} before={before} today={today} onChange={onChange} />
        </Suspense>
      )}
    </PanelFilter>
  );
}
