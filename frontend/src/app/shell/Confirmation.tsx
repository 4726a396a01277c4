import { getDefaultZIndex, Modal } from "@mantine/core";
import { useDisclosure, useWindowEvent } from "@mantine/hooks";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { onConfirmationRequired, onSessionLost } from "@/api/client";
import { ConfirmationForm } from "./ConfirmationForm";

interface Question {
  answer: Promise<boolean>;
  settle: (confirmed: boolean) => void;
}

/** Something needs to know again who sits here: asked above the page, so that the request goes on where it was. */
export function Confirmation() {
  const { t } = useTranslation("auth");
  const [methods, setMethods] = useState<string[]>([]);
  const [opened, { open, close }] = useDisclosure();
  const question = useRef<Question | null>(null);
  const settle = useCallback(
    (confirmed: boolean) => {
      question.current?.settle(confirmed);
      question.current = null;
      close();
    },
    [close],
  );
  useEffect(
    () =>
      onConfirmationRequired((ways) => {
        if (!question.current) {
          question.current = newQuestion();
          setMethods(ways);
          open();
        }
        // Requests that come meanwhile wait for the same answer.
        return question.current.answer;
      }),
    [open],
  );
  // Whoever has to sign in anew has nothing to confirm.
  useEffect(() => onSessionLost(() => settle(false)), [settle]);
  // A dialog underneath listens too and would close as well: this one, which was there first, keeps the key to itself.
  useWindowEvent(
    "keydown",
    (event) => {
      if (!opened || event.key !== "Escape" || event.isComposing) return;
      event.stopImmediatePropagation();
      settle(false);
    },
    { capture: true },
  );
  return (
    <Modal
      opened={opened}
      onClose={() => settle(false)}
      title={t("confirm.title")}
      size={400}
      closeOnClickOutside={false}
      closeOnEscape={false}
      zIndex={Number(getDefaultZIndex("modal")) + 1}
    >
      <ConfirmationForm methods={methods} onDone={settle} />
    </Modal>
  );
}

function newQuestion(): Question {
  let settle: Question["settle"] = () => undefined;
  const answer = new Promise<boolean>((resolve) => (settle = resolve));
  return { answer, settle };
}
