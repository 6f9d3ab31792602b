/** One field that the server wants mended. */
export interface FieldError {
  field: string;
  detail: string;
}

interface Body {
  status?: number;
  code?: string;
  detail?: string;
  title?: string;
  field?: string | null;
  errors?: FieldError[];
}

/** What the server refused, and why (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];

  constructor(status: number, body: Body) {
    super(body.detail ?? body.title ?? "");
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? (status === 0 ? "network" : "internal");
    this.errors = body.errors ?? [];
    if (this.errors.length === 0 && body.field) {
      this.errors = [{ field: body.field, detail: this.message }];
    }
  }

  /** Reads a refused response; a body that is no problem leaves the status alone. */
  static async of(response: Response): Promise<Problem> {
    const body: unknown = await response.json().catch(() => null);
    return new Problem(response.status, body !== null && typeof body === "object" ? body : {});
  }
}

/** The sentence for one field, where there is one. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  return error.errors.find((e) => e.field === field)?.detail;
}

/** The first field to mend, where a problem names one. */
export function fieldOf(error: unknown): string | undefined {
  return error instanceof Problem ? error.errors[0]?.field : undefined;
}

/** The code of a problem, `network` where the server was not reached. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof Problem) return error.code;
  return error === null || error === undefined ? undefined : "network";
}
