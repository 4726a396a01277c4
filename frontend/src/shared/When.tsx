import { Tooltip } from "@mantine/core";
import { useFormat } from "./format";

/** A time as people say it; the exact one, with its zone, on hover. */
export function When({ at, as = "ago" }: { at: string; as?: "ago" | "moment" | "date" }) {
  const format = useFormat();
  return (
    <Tooltip label={format.exact(at)}>
      <time dateTime={at}>{format[as](at)}</time>
    </Tooltip>
  );
}
