/** Starts the console. */

import "@fontsource/source-sans-3/latin-400.css";
import "@fontsource/source-sans-3/latin-600.css";
import "@fontsource/source-sans-3/latin-ext-400.css";
import "@fontsource/source-sans-3/latin-ext-600.css";
import "@utrecht/root-css/dist/index.css";
import "@utrecht/body-css/dist/index.css";
import "@utrecht/button-css/dist/index.css";
import "@utrecht/textarea-css/dist/index.css";
import "@utrecht/form-label-css/dist/index.css";
import "@utrecht/alert-css/dist/index.css";
import "@utrecht/skip-link-css/dist/index.css";
import "./tokens.css";
import "./console.css";
import "./attendance/attendance.css";
import "./planner/planner.css";
import "./print.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { speak, tongue } from "./words.svelte.ts";

const target = document.getElementById("app");
if (target === null) throw new Error("the page has no place for the console");
speak(tongue());
mount(App, { target });
