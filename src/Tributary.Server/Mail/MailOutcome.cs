namespace Tributary.Server.Mail;

/// <summary>What became of a try to send a mail, in the mail server's words.</summary>
internal sealed record MailOutcome(MailOutcomeKind Kind, string Words);
