import * as z from 'zod/mini';

/** A file that the page hands to the person, in base64. */
export const ReportFile = z.object({ fileName: z.string(), base64: z.string() });
export const reportFormats = ['html', 'pdf', 'csv', 'json'] as const;
export const ReportFormat = z.enum(reportFormats);
export type ReportFormat = z.infer<typeof ReportFormat>;
export const reportPapers = ['A4', 'Letter'] as const;
export const ReportPaper = z.enum(reportPapers);
export type ReportPaper = z.infer<typeof ReportPaper>;
