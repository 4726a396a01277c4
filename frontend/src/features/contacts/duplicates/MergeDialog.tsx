import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Contact, MergedContact } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { useFormat } from "@/shared/format";
import classes from "./Duplicates.module.css";
import { choicesOf, differing } from "./merging";
import { useMergeFacts } from "./useMergeFacts";
import { useMerging } from "./useMerging";

interface Props {
  first: Contact;
  second: Contact;
  onClose: () => void;
  onMerged?: (contact: MergedContact) => void;
}

/** Two records become one: which stays, and of which each fact is taken where they differ. */
export function MergeDialog(props: Props) {
  const { t } = useTranslation("people");
  return (
    <Modal opened onClose={props.onClose} title={t("merge.title")} size={640}>
      <MergeForm {...props} />
    </Modal>
  );
}

function MergeForm({ first, second, onClose, onMerged }: Props) {
  const { t } = useTranslation("people");
  const { t: common } = useTranslation();
  const { date } = useFormat();
  const [keep, setKeep] = useState(first.id);
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const open = differing(useMergeFacts(), first, second);
  const merging = useMerging((contact) => {
    onClose();
    onMerged?.(contact);
  });
  const merge = () => {
    const other = keep === first.id ? second.id : first.id;
    merging.submit({ keep, merge: [other], choices: choicesOf(chosen, keep, open) });
  };
  return (
    <Stack gap={16}>
      {merging.error && <Refusal error={merging.error} />}
      <Text size="sm">{t("merge.what")}</Text>
      <Radio.Group label={t("merge.keep")} value={keep} onChange={setKeep}>
        <div className={classes.options}>
          {[first, second].map((contact) => (
            <Radio
              key={contact.id}
              size="sm"
              className={classes.option}
              value={contact.id}
              label={contact.name}
              description={[contact.email, t("merge.added", { when: date(contact.created_at) })]
                .filter(Boolean)
                .join(" · ")}
            />
          ))}
        </div>
      </Radio.Group>
      {open.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("merge.same")}
        </Text>
      ) : (
        <div>
          <Text size="sm" fw={500} mb={8}>
            {t("merge.choose")}
          </Text>
          <div className={classes.choices}>
            {open.map(({ key, label, valueOf }) => (
              <Radio.Group
                key={key}
                className={classes.choice}
                label={label}
                value={chosen[key] ?? keep}
                onChange={(id) => setChosen((now) => ({ ...now, [key]: id }))}
              >
                <div className={classes.options}>
                  {[first, second].map((contact) => (
                    <Radio
                      key={contact.id}
                      size="sm"
                      className={classes.option}
                      value={contact.id}
                      label={valueOf(contact)}
                    />
                  ))}
                </div>
              </Radio.Group>
            ))}
          </div>
        </div>
      )}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          {common("action.cancel")}
        </Button>
        <Button data-autofocus loading={merging.isPending} onClick={merge}>
          {t("merge.confirm")}
        </Button>
      </Group>
    </Stack>
  );
}
