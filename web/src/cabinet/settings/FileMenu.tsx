import { Button, Menu } from "@mantine/core";
import { IconDownload, IconTableExport, IconUpload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../../api/problem";
import { size } from "../../theme";
import { onDemand } from "../../shared/onDemand";
import type { PreviewRow } from "./ImportPreview";

const ImportPreview = onDemand(() => import("./ImportPreview"));

interface Props<R> {
  /** Where the file is to be had: /api/employees/export. */
  from: string;
  /** What a file needs, for who is about to choose one. */
  hint: string;
  /** Asks the server what the file would bring. */
  look: (file: File) => Promise<R[]>;
  /** How a row of it is shown. */
  show: (row: R) => PreviewRow;
  /** Takes the rows without errors into the table. */
  onTake: (rows: R[]) => void;
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const icon = { size: size.icon, stroke: size.iconStroke, "aria-hidden": true } as const;

/** The kind of a file that somebody chose; browsers without Excel know it by no name. */
export function kindOf(file: File): string {
  return /\.xlsx$/i.test(file.name) ? XLSX : "text/csv";
}

/** «Файл»: rows out of one, looked at before they are taken, and the table as one. */
export function FileMenu<R>({ from, hint, look, show, onTake }: Props<R>) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [found, setFound] = useState<{ name: string; rows: R[] } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const choose = async (file: File) => {
    setBusy(true);
    setError(null);
    try {
      setFound({ name: file.name, rows: await look(file) });
    } catch (problem) {
      setFound({ name: file.name, rows: [] });
      setError(problem instanceof Problem ? problem : new Problem(0, {}));
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" loading={busy} leftSection={<IconTableExport {...icon} />}>
            {t("file.menu")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconUpload {...icon} />} onClick={() => input.current?.click()}>
            {t("file.import")}
          </Menu.Item>
          {(["xlsx", "csv"] as const).map((format) => (
            <Menu.Item
              key={format}
              component="a"
              href={`${from}?format=${format}`}
              download
              leftSection={<IconDownload {...icon} />}
            >
              {t(`file.${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <input
        ref={input}
        type="file"
        hidden
        accept={`.csv,.xlsx,text/csv,${XLSX}`}
        aria-label={t("file.import")}
        onChange={(e) => {
          const file = e.currentTarget.files?.[0];
          // The same file, mended, may be chosen again.
          e.currentTarget.value = "";
          if (file) void choose(file);
        }}
      />
      <ImportPreview
        opened={found !== null}
        name={found?.name ?? ""}
        hint={hint}
        error={error}
        rows={found?.rows.map(show) ?? []}
        onTake={() => {
          if (found) onTake(found.rows.filter((row) => show(row).errors.length === 0));
          setFound(null);
        }}
        onClose={() => {
          setFound(null);
        }}
      />
    </>
  );
}
