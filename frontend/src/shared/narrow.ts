import { useMediaQuery } from "@mantine/hooks";

/** Whether the screen is narrow, like a phone's: by the width that style sheets go by, too. */
export const useNarrow = (): boolean => useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
