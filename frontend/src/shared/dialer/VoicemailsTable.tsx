import { ActionIcon, Table, Tooltip, VisuallyHidden } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { removeVoicemail, voicemailsQuery } from "@/api/dialer";
import type { Voicemail } from "@/api/types";
import { confirmed, failed, said } from "../feedback";
import { useLocale } from "../format";
import { useNarrow } from "../narrow";
import { When } from "../When";
import { NameField } from "./NameField";
import { Player } from "./Player";
import classes from "./Voicemails.module.css";

interface Props {
  voicemails: Voicemail[];
  /** In a narrow place as on a narrow screen: the recording stands below its name. */
  compact: boolean;
}

export function VoicemailsTable({ voicemails, compact }: Props) {
  const { t } = useTranslation("account");
  const narrow = useNarrow() || compact;
  const locale = useLocale();
  const sorted = useMemo(() => {
    const { compare } = new Intl.Collator(locale, { numeric: true });
    return voicemails.toSorted((one, other) => compare(one.name, other.name));
  }, [voicemails, locale]);
  return (
    <Table className={classes.table} aria-label={t("dialer.voicemails")} data-narrow={narrow || undefined}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("dialer.name")}</Table.Th>
          {!narrow && <Table.Th w="38%">{t("dialer.recording")}</Table.Th>}
          {!narrow && <Table.Th w={104}>{t("dialer.addedAt")}</Table.Th>}
          <Table.Th w={76}>
            <VisuallyHidden>{t("dialer.actions")}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sorted.map((voicemail) => (
          <Row key={voicemail.id} voicemail={voicemail} narrow={narrow} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ voicemail, narrow }: { voicemail: Voicemail; narrow: boolean }) {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const [renaming, setRenaming] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const { id, name, seconds, created_at, audio_url } = voicemail;
  const removing = useMutation({
    mutationFn: () => removeVoicemail(id),
    onSuccess: () => {
      said(t("dialer.removed", { name }));
      return queryClient.invalidateQueries({ queryKey: voicemailsQuery().queryKey });
    },
    onError: failed,
  });
  const remove = async () => {
    const title = t("dialer.removeTitle", { name });
    if (await confirmed({ title, body: t("dialer.removeBody"), confirm: t("dialer.remove"), danger: true }))
      removing.mutate();
  };
  const player = <Player name={name} url={audio_url} seconds={seconds} />;
  const done = () => {
    setRenaming(false);
    pencil.current?.focus();
  };
  return (
    <Table.Tr>
      <Table.Td>
        {renaming ? <NameField voicemail={voicemail} onDone={done} /> : <span className={classes.name}>{name}</span>}
        {narrow && player}
      </Table.Td>
      {!narrow && <Table.Td>{player}</Table.Td>}
      {!narrow && (
        <Table.Td className={classes.quiet}>
          <When at={created_at} as="date" />
        </Table.Td>
      )}
      <Table.Td>
        <div className={classes.actions}>
          <Tooltip label={t("dialer.rename")}>
            <ActionIcon ref={pencil} aria-label={`${t("dialer.rename")}: ${name}`} onClick={() => setRenaming(true)}>
              <IconPencil size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t("dialer.remove")}>
            <ActionIcon
              aria-label={`${t("dialer.remove")}: ${name}`}
              loading={removing.isPending}
              onClick={() => void remove()}
            >
              <IconTrash size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
      </Table.Td>
    </Table.Tr>
  );
}
