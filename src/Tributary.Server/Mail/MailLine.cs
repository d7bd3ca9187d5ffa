namespace Tributary.Server.Mail;

/// <summary>A mail in the log.</summary>
/// <param name="To">The address.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="DueAt">When it is tried next; null where it is sent or given up.</param>
/// <param name="DoneAt">When the mail server took it.</param>
/// <param name="Outcome">What the mail server said last.</param>
public sealed record MailLine(string To, string Subject, DateTimeOffset CreatedAt, DateTimeOffset? DueAt, DateTimeOffset? DoneAt, string? Outcome);
