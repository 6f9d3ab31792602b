import { TextInput, type TextInputProps } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { Ref } from "react";

interface Props extends Omit<TextInputProps, "label" | "placeholder" | "leftSection" | "type" | "value" | "onChange"> {
  /** What is searched for; it stands in the field while that is empty. */
  label: string;
  value: string;
  onChange: (text: string) => void;
  ref?: Ref<HTMLInputElement>;
}

/** As much as the server looks for. */
const MAX = 200;

/** A field to search with. */
export function SearchInput({ label, value, onChange, ...rest }: Props) {
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size="1em" />}
      type="search"
      maxLength={MAX}
      value={value}
      onChange={(e) => {
        onChange(e.currentTarget.value);
      }}
      {...rest}
    />
  );
}
