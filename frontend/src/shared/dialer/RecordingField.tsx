import { Button, FileButton, Input, Text } from "@mantine/core";
import { IconFileMusic, IconUpload } from "@tabler/icons-react";
import { type DragEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Player } from "./Player";
import classes from "./Voicemails.module.css";

const KINDS = ".wav,.mp3,audio/wav,audio/x-wav,audio/mpeg";

export interface Recording {
  file: File;
  /** Where it is heard from before it is sent. */
  url: string;
}

interface Props {
  recording: Recording | null;
  fault: string | undefined;
  onChoose: (file: File) => void;
}

/** Where a recording is dropped or chosen, and heard before it is sent. */
export function RecordingField({ recording, fault, onChoose }: Props) {
  const { t } = useTranslation("account");
  const label = useId();
  const [over, setOver] = useState(false);
  const reset = useRef<() => void>(null);
  const choose = (file: File | null | undefined) => {
    if (file) onChoose(file);
    // The same file can be chosen again once it is mended.
    reset.current?.();
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    choose(event.dataTransfer.files[0]);
  };
  const hovered = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const button = (
    <FileButton accept={KINDS} onChange={choose} resetRef={reset}>
      {(props) => (
        <Button {...props} variant="default" size="compact-sm" data-autofocus>
          {t(recording ? "dialer.another" : "dialer.choose")}
        </Button>
      )}
    </FileButton>
  );
  return (
    <div>
      <Input.Label id={label} component="div" required>
        {t("dialer.recording")}
      </Input.Label>
      <div
        role="group"
        aria-labelledby={label}
        className={classes.drop}
        data-over={over || undefined}
        data-fault={fault ? true : undefined}
        onDragOver={hovered}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        {recording ? (
          <>
            <div className={classes.chosen}>
              <IconFileMusic size={18} stroke={1.6} aria-hidden />
              <span className={classes.file}>{recording.file.name}</span>
              {button}
            </div>
            {!fault && <Player key={recording.url} name={recording.file.name} url={recording.url} />}
          </>
        ) : (
          <div className={classes.invitation}>
            <IconUpload size={20} stroke={1.6} aria-hidden />
            <Text size="sm">{t("dialer.drop")}</Text>
            {button}
          </div>
        )}
      </div>
      <Text size="xs" c={fault ? "var(--mantine-color-error)" : "dimmed"} role={fault ? "alert" : undefined} mt={4}>
        {fault ?? t("dialer.kinds")}
      </Text>
    </div>
  );
}
