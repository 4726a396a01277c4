import { type MantineColorScheme, Menu, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconChevronDown, IconKeyboard, IconLogout, IconMap2, IconSettings, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { signOut } from "@/api/signin";
import { Face } from "@/shared/Face";
import { failed } from "@/shared/feedback";
import { MenuLink } from "@/shared/links";
import { useMe } from "@/shared/session";
import { askForTour } from "@/shared/tour";
import classes from "./UserMenu.module.css";

export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = async () => {
    try {
      await signOut();
    } catch (error) {
      failed(error);
      return;
    }
    await navigate({ to: "/login" });
    queryClient.clear();
  };
  if (!me) return null;
  return (
    <Menu position="bottom-end" width={248}>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={t("nav.userMenu", { name: me.name })}>
          <Face name={me.name} picture={me.must_set_up_second_factor ? null : me.avatar_url} size={26} />
          <Text span size="sm" fw={500} visibleFrom="sm" truncate maw={160}>
            {me.name}
          </Text>
          <IconChevronDown size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <Text size="sm" fw={500} truncate>
            {me.name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {me.email}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {t("nav.roleAt", { role: t(`role.${me.role}`), organization: me.organization.name })}
          </Text>
        </div>
        <Menu.Divider />
        <MenuLink to="/account" leftSection={<IconUser size={16} stroke={1.6} />}>
          {t("nav.account")}
        </MenuLink>
        {me.role === "administrator" && (
          <MenuLink to="/admin" leftSection={<IconSettings size={16} stroke={1.6} />}>
            {t("nav.admin")}
          </MenuLink>
        )}
        <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.6} />} onClick={onShortcuts}>
          {t("nav.shortcuts")}
        </Menu.Item>
        <Menu.Item leftSection={<IconMap2 size={16} stroke={1.6} />} onClick={askForTour}>
          {t("nav.tour")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label id="theme-label">{t("theme.label")}</Menu.Label>
        <div role="group" aria-labelledby="theme-label" className={classes.theme}>
          <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
            {(["auto", "light", "dark"] as const).map((scheme) => (
              <Menu.RadioItem key={scheme} value={scheme} checkIcon={<></>}>
                {t(`theme.${scheme}`)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={() => void leave()}>
          {t("nav.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
