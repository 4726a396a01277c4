import { createFileRoute } from "@tanstack/react-router";
import { readUsersSearch } from "@/features/admin/search";
import { UsersPage } from "@/features/admin/UsersPage";

export const Route = createFileRoute("/_app/admin/users")({
  validateSearch: readUsersSearch,
  component: function Users() {
    return <UsersPage search={Route.useSearch()} />;
  },
});
