import { ActionIcon, Tooltip } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery, neighboursQuery } from "@/api/contacts";
import { inAddress } from "@/api/directory";
import { useCommands } from "@/shared/commands";
import { useMe } from "@/shared/session";
import { filterOf, type Sort, USUAL_SORT } from "../directory/search";
import type { ContactSearch, OpenedFrom } from "../search";

interface Props {
  contactId: string;
  among: OpenedFrom;
  search: ContactSearch;
}

/** Leads to who is before and after in the list from which the contact was opened. */
export function Neighbours({ contactId, among, search }: Props) {
  const { t } = useTranslation("contactPage");
  const navigate = useNavigate();
  const timeZone = useMe()?.time_zone ?? "UTC";
  const query = { ...inAddress(filterOf(among, timeZone)), sort: (among.sort ?? USUAL_SORT) as Sort };
  const { data } = useQuery(neighboursQuery(contactId, query));
  const queryClient = useQueryClient();
  useEffect(() => {
    // They are there before they are asked for.
    for (const id of [data?.next, data?.previous]) if (id) void queryClient.prefetchQuery(contactQuery(id));
  }, [data, queryClient]);
  const go = (id: string | null | undefined) => {
    if (!id) return;
    const kept = search.tab ? { tab: search.tab, among } : { among };
    void navigate({ to: "/contacts/$contactId", params: { contactId: id }, search: kept });
  };
  useCommands([
    { id: "contact.previous", group: "page", title: t("previous"), keys: "k", run: () => go(data?.previous) },
    { id: "contact.next", group: "page", title: t("next"), keys: "j", run: () => go(data?.next) },
  ]);
  return (
    <ActionIcon.Group>
      <Step label={t("previous")} to={data?.previous} go={go} icon={IconChevronUp} />
      <Step label={t("next")} to={data?.next} go={go} icon={IconChevronDown} />
    </ActionIcon.Group>
  );
}

interface StepProps {
  label: string;
  to: string | null | undefined;
  go: (id: string | null | undefined) => void;
  icon: typeof IconChevronUp;
}

function Step({ label, to, go, icon: Icon }: StepProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size={32}
        aria-label={label}
        // It stays where it is for whoever goes through the list from the keyboard.
        data-disabled={to ? undefined : true}
        aria-disabled={!to}
        onClick={() => go(to)}
      >
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
