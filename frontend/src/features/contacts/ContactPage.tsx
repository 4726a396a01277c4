import { ActionIcon, Alert, Button, Menu, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconDots, IconMailOff, IconSend, IconTrash, IconUserOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery, deleteContact } from "@/api/contacts";
import { isProblem } from "@/api/errors";
import type { Contact, ContactDetail } from "@/api/types";
import { useCommands } from "@/shared/commands";
import { EnrollDialog } from "@/shared/enroll/EnrollDialog";
import { confirmed, failed, said } from "@/shared/feedback";
import { AnchorLink } from "@/shared/links";
import { Initials, Mark } from "@/shared/marks";
import { Page, PageHeader } from "@/shared/Page";
import { ErrorState } from "@/shared/states";
import classes from "./ContactPage.module.css";
import { ContactSalesflows } from "./ContactSalesflows";
import { MergeWithDialog } from "./duplicates/MergeWithDialog";
import { EmailPanel } from "./EmailPanel";
import { Facts } from "./page/Facts";
import { Neighbours } from "./page/Neighbours";
import { NextSteps } from "./page/NextSteps";
import { EraseDialog } from "./privacy/EraseDialog";
import { PrivacyMenu } from "./privacy/PrivacyMenu";
import type { ContactSearch } from "./search";
import { Timeline } from "./Timeline";

export function ContactPage({ contactId, search }: { contactId: string; search: ContactSearch }) {
  const { data: contact, error, refetch } = useQuery(contactQuery(contactId));
  if (error && !contact) {
    if (isProblem(error) && error.status === 404) throw error;
    return <ErrorState error={error} retry={() => void refetch()} />;
  }
  return contact ? <Loaded contact={contact} search={search} /> : <ContactSkeleton />;
}

function Loaded({ contact, search }: { contact: ContactDetail; search: ContactSearch }) {
  const { t } = useTranslation("contacts");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<"merge" | "erase" | null>(null);
  const here = { to: "/contacts/$contactId", params: { contactId: contact.id } } as const;
  const show = (changes: ContactSearch) =>
    void navigate({ ...here, search: { ...search, ...changes }, replace: "tab" in changes, resetScroll: false });
  const close = () => setOpen(null);
  const merged = ({ id }: Contact) => void navigate({ to: "/contacts/$contactId", params: { contactId: id } });
  const removing = useMutation({
    mutationFn: () => deleteContact(contact.id),
    onSuccess: async () => {
      await navigate({ to: "/contacts", search: search.among ?? {} });
      queryClient.removeQueries({ queryKey: ["contacts", "one", contact.id] });
      void queryClient.invalidateQueries({ queryKey: ["contacts", "list"] });
      said(t("page.deleted", { name: contact.name }));
    },
    onError: failed,
  });
  const remove = async () => {
    const title = t("page.deleteTitle", { name: contact.name });
    if (await confirmed({ title, body: t("page.deleteBody"), confirm: t("page.delete"), danger: true }))
      removing.mutate();
  };
  useCommands([
    { id: "contact.add", group: "page", title: t("addToSalesflow"), keys: "s", run: () => setAdding(true) },
    { id: "contact.delete", group: "page", title: t("page.delete"), run: () => void remove() },
  ]);
  return (
    <Page>
      <PageHeader
        title={contact.name}
        above={
          <AnchorLink to="/contacts" search={search.among ?? {}} c="dimmed" size="sm">
            {t("title")}
          </AnchorLink>
        }
        beside={<Flags contact={contact} />}
        actions={
          <>
            {search.among && <Neighbours contactId={contact.id} among={search.among} search={search} />}
            <Button leftSection={<IconSend size={15} />} onClick={() => setAdding(true)}>
              {t("addToSalesflow")}
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="default" size={32} aria-label={common("action.more")} loading={removing.isPending}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <PrivacyMenu contact={contact} onMergeWith={() => setOpen("merge")} onErase={() => setOpen("erase")} />
                <Menu.Item c="var(--danger)" leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
                  {t("page.delete")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        }
      />
      <Warnings contact={contact} />
      <div className={classes.columns}>
        <aside className={classes.facts} aria-label={t("page.details")}>
          <div className={classes.identity}>
            <Initials name={contact.name} size={40} />
            <div className={classes.who}>
              <span className={classes.role}>{contact.job_title}</span>
              <span className={classes.company}>{contact.company}</span>
            </div>
          </div>
          <Facts contact={contact} />
        </aside>
        <Timeline
          contactId={contact.id}
          tab={search.tab ?? "all"}
          onTab={(tab) => show({ tab: tab === "all" ? undefined : tab } as ContactSearch)}
          onEmail={(email) => show({ email })}
        />
        <div className={classes.ahead}>
          <NextSteps contactId={contact.id} />
          <ContactSalesflows contact={contact} onAdd={() => setAdding(true)} onEmail={(email) => show({ email })} />
        </div>
      </div>
      <EmailPanel
        emailId={search.email}
        contact={contact.name}
        onClose={() => show({ email: undefined } as unknown as ContactSearch)}
      />
      {open === "merge" && <MergeWithDialog contact={contact} onClose={close} onMerged={merged} />}
      {open === "erase" && <EraseDialog contact={contact} onClose={close} />}
      {adding && <EnrollDialog audience={{ contacts: [contact] }} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function Flags({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  const { t: people } = useTranslation("people");
  return (
    <>
      {contact.opted_out && <Mark tone="danger">{t("page.optedOutTitle")}</Mark>}
      {contact.do_not_call && <Mark tone="danger">{people("privacy.markCall")}</Mark>}
      {contact.email_state === "bounced" && <Mark tone="danger">{t("page.bouncedTitle")}</Mark>}
    </>
  );
}

function Warnings({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  return (
    <>
      {contact.opted_out && (
        <Alert color="red" variant="light" icon={<IconUserOff size={18} />} mb={12}>
          {t("page.optedOutSince", { name: contact.name })}
        </Alert>
      )}
      {contact.email_state === "bounced" && (
        <Alert color="red" variant="light" icon={<IconMailOff size={18} />} mb={12}>
          {t("page.bouncedWhy", { email: contact.email })}
        </Alert>
      )}
    </>
  );
}

function ContactSkeleton() {
  return (
    <Page>
      <Skeleton h={10} w={60} my={4} />
      <Skeleton h={20} w={200} mt={8} mb={20} />
      <div className={classes.columns} aria-busy>
        {[10, 8, 4].map((lines, n) => (
          <div key={n} className={n === 0 ? classes.facts : undefined}>
            {Array.from({ length: lines }, (_, line) => (
              <Skeleton key={line} h={12} w={`${60 + ((line * 17 + n * 11) % 35)}%`} my={12} />
            ))}
          </div>
        ))}
      </div>
    </Page>
  );
}
