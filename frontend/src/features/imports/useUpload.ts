import { useCallback, useEffect, useRef, useState } from "react";
import { uploadImport } from "@/api/imports";
import type { ContactImport } from "@/api/types";

export interface Upload {
  file: File | null;
  /** How much of it has been sent, between 0 and 1; null while none is. */
  share: number | null;
  error: unknown;
  send: (file: File) => void;
  /** Sends the same file once more. */
  again: () => void;
  stop: () => void;
}

/** A file on its way to the service. Whoever leaves the page stops it; the service keeps nothing of it then. */
export function useUpload(onDone: (received: ContactImport) => void): Upload {
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const under = useRef<AbortController>(null);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  useEffect(() => () => under.current?.abort(), []);

  const send = useCallback((chosen: File) => {
    under.current?.abort();
    const way = new AbortController();
    under.current = way;
    setFile(chosen);
    setError(null);
    setShare(0);
    uploadImport(chosen, { onProgress: setShare, signal: way.signal })
      .then((received) => done.current(received))
      .catch((failure: unknown) => {
        if (way.signal.aborted) return;
        setShare(null);
        setError(failure);
      });
  }, []);
  const stop = useCallback(() => {
    under.current?.abort();
    setShare(null);
    setFile(null);
  }, []);
  return { file, share, error, send, again: () => file && send(file), stop };
}
