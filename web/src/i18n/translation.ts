/** The shape of another language's texts: the same keys, without the plural forms that only Russian has. */
export type Translation<T> = {
  [K in keyof T as K extends `${string}_few` | `${string}_many` ? never : K]: T[K] extends string
    ? string
    : Translation<T[K]>;
};
