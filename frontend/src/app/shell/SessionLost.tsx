import { Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { onSessionLost } from "@/api/client";
import { SignInForm } from "@/shared/signin/SignInForm";
import { useMe } from "@/shared/session";

/** The session ended under a page: signing in again happens above it, so that nothing that was typed is lost. */
export function SessionLost() {
  const { t } = useTranslation("auth");
  const me = useMe();
  const queryClient = useQueryClient();
  const [opened, { open, close }] = useDisclosure();
  useEffect(() => onSessionLost(open), [open]);
  const goOn = () => {
    close();
    void queryClient.invalidateQueries();
  };
  return (
    <Modal opened={opened} onClose={close} withCloseButton={false} closeOnClickOutside={false} title={t("lost")}>
      <Text size="sm" c="dimmed" mb="md">
        {t("lostDetail")}
      </Text>
      <SignInForm email={me?.email ?? ""} onDone={goOn} />
    </Modal>
  );
}
