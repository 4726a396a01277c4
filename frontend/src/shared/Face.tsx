import { useState } from "react";
import { Initials } from "./marks";
import classes from "./marks.module.css";

interface Props {
  name: string;
  /** Where the person's picture is; without one, or when it can't be shown, the initials stand in. */
  picture?: string | null | undefined;
  size?: number;
}

export function Face({ name, picture, size = 22 }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  if (!picture || broken === picture) return <Initials name={name} size={size} />;
  return (
    <img src={picture} alt="" width={size} height={size} className={classes.face} onError={() => setBroken(picture)} />
  );
}
