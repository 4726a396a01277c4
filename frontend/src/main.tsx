import "@fontsource-variable/inter/wght.css";
import "@/app/styles.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { speak } from "@/app/i18n";
import { followCulture } from "@/app/language";
import { Providers } from "@/app/providers";
import { makeQueryClient } from "@/app/queryClient";
import { makeRouter } from "@/app/router";

const queryClient = makeQueryClient();
followCulture(queryClient);
const router = makeRouter(queryClient);
const root = document.getElementById("root");
if (!root) throw new Error("The page has no root element.");

await speak();
createRoot(root).render(
  <StrictMode>
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
