import { ActionIcon, Slider, Text } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Player.module.css";
import { minutes, useSound } from "./useSound";

interface Props {
  /** What is heard. */
  name: string;
  url: string;
  seconds?: number;
}

/** Plays a recording back, from any place in it. */
export function Player({ name, url, seconds = 0 }: Props) {
  const { t } = useTranslation("account");
  const { isPlaying, hasFailed, position, length, toggle, seek } = useSound(url, seconds);
  return (
    <div className={classes.player}>
      <ActionIcon
        variant="default"
        radius="xl"
        size={28}
        aria-label={t(isPlaying ? "dialer.pause" : "dialer.play", { name })}
        onClick={toggle}
      >
        {isPlaying ? <IconPlayerPauseFilled size={13} /> : <IconPlayerPlayFilled size={13} />}
      </ActionIcon>
      {hasFailed ? (
        <Text size="xs" c="var(--danger)" role="alert">
          {t("dialer.unplayable")}
        </Text>
      ) : (
        <>
          <Slider
            className={classes.slider}
            size={4}
            thumbSize={12}
            label={null}
            min={0}
            max={Math.max(length, 0.1)}
            step={0.5}
            value={Math.min(position, length)}
            onChange={seek}
            thumbLabel={t("dialer.position", { name })}
            thumbValueText={t("dialer.positionOf", { position: minutes(position), length: minutes(length) })}
          />
          <span className={classes.time}>
            {isPlaying || position > 0 ? `${minutes(position)} / ${minutes(length)}` : minutes(length)}
          </span>
        </>
      )}
    </div>
  );
}
