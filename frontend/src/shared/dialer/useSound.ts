import { useEffect, useRef, useState } from "react";

// Two recordings at once are none.
let playing: HTMLAudioElement | null = null;

export interface Sound {
  isPlaying: boolean;
  hasFailed: boolean;
  /** Seconds. */
  position: number;
  length: number;
  toggle: () => void;
  seek: (position: number) => void;
}

/** A recording that is fetched once somebody wants to hear it. `known` is how long it is, as far as that is known. */
export function useSound(url: string, known: number): Sound {
  const audio = useRef<HTMLAudioElement | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const [position, setPosition] = useState(0);
  const [length, setLength] = useState(known);
  useEffect(() => () => audio.current?.pause(), []);

  const element = () => {
    if (audio.current) return audio.current;
    const made = new Audio(url);
    made.addEventListener("play", () => {
      if (playing !== made) playing?.pause();
      playing = made;
      setPlaying(true);
    });
    made.addEventListener("pause", () => setPlaying(false));
    made.addEventListener("ended", () => {
      made.currentTime = 0;
      setPosition(0);
    });
    made.addEventListener("timeupdate", () => setPosition(made.currentTime));
    made.addEventListener("loadedmetadata", () => Number.isFinite(made.duration) && setLength(made.duration));
    made.addEventListener("error", () => {
      setPlaying(false);
      setFailed(true);
      // The next try begins anew.
      audio.current = null;
    });
    audio.current = made;
    return made;
  };

  return {
    isPlaying,
    hasFailed,
    position,
    length,
    toggle: () => {
      const sound = element();
      setFailed(false);
      // What is refused is told by the element itself.
      if (sound.paused) void sound.play().catch(() => undefined);
      else sound.pause();
    },
    seek: (to) => {
      element().currentTime = to;
      setPosition(to);
    },
  };
}

/** "0:03". */
export const minutes = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
