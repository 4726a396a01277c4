import { Alert, Button, CopyButton, Group, Modal, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/shared/session";
import classes from "./Security.module.css";

/** Shown this once: to be copied, downloaded or written down. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const me = useMe();
  const sheet = `${t("factor.fileHead", { email: me?.email ?? "" })}\n\n${codes.join("\n")}\n`;
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light">
        <Text size="sm">{t("factor.codesOnce")}</Text>
      </Alert>
      <ul className={classes.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Group justify="space-between" gap={8}>
        <Group gap={8}>
          <CopyButton value={codes.join("\n")}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                onClick={copy}
              >
                {copied ? common("action.copied") : common("action.copy")}
              </Button>
            )}
          </CopyButton>
          <Button
            component="a"
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(sheet)}`}
            download={t("factor.file")}
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            {t("factor.download")}
          </Button>
        </Group>
        <Button data-autofocus onClick={onDone}>
          {t("factor.kept")}
        </Button>
      </Group>
    </Stack>
  );
}

export function NewCodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation("account");
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("factor.codesTitle")}
      size={540}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <RecoveryCodes codes={codes} onDone={onClose} />
    </Modal>
  );
}
