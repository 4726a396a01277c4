import {
  createMemoryHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { meQuery } from "@/api/session";
import { Providers } from "@/app/providers";
import { makeQueryClient } from "@/app/queryClient";
import { me } from "./factories";

const PATHS = ["/contacts", "/contacts/$contactId", "/content/salesflows/$salesflowId", "/onboarding"];

/** Draws a part as the signed-in person sees it, with somewhere for its links to lead. */
export async function shown(part: ReactNode) {
  const queryClient = makeQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  queryClient.setQueryData(meQuery().queryKey, me);
  const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });
  const here = createRoute({ getParentRoute: () => root, path: "/", component: () => part });
  const others = PATHS.map((path) => createRoute({ getParentRoute: () => root, path, component: () => <>{path}</> }));
  const router = createRouter({
    routeTree: root.addChildren([here, ...others]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
    context: { queryClient },
  });
  await router.load();
  const view = render(
    <Providers queryClient={queryClient} env="test">
      <RouterProvider router={router as never} />
    </Providers>,
  );
  return { ...view, router, queryClient };
}
