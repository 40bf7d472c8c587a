/** The words of this page, put there by the server in the reader's language: `<template id="words" data-say-…>`. */
export function say(key: string, parts: Record<string, string | number> = {}, shelf = "words"): string {
  let words = document.getElementById(shelf)?.getAttribute(`data-say-${key}`) ?? key;
  for (const [name, value] of Object.entries(parts)) words = words.replace(`{${name}}`, String(value));
  return words;
}

/** `14:12`, `9:30`. */
export function clockTime(moment: Date): string {
  return `${moment.getHours()}:${String(moment.getMinutes()).padStart(2, "0")}`;
}
