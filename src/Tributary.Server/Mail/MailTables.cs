using Tributary.Storage.Relational;

namespace Tributary.Server.Mail;

/// <summary>Mail on its way. A step that was released is never changed.</summary>
internal static class MailTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "mail";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "mail on its way", """
            CREATE TABLE mails (
              id TEXT NOT NULL PRIMARY KEY,
              subject_key TEXT NOT NULL UNIQUE,
              store_id TEXT NOT NULL,
              recipient TEXT NOT NULL,
              subject TEXT NOT NULL,
              body {bytes} NOT NULL,
              created_at BIGINT NOT NULL,
              tries BIGINT NOT NULL,
              due_at BIGINT,
              done_at BIGINT,
              outcome TEXT)
            ;
            CREATE INDEX mails_by_due ON mails (due_at)
            ;
            CREATE INDEX mails_by_store ON mails (store_id, created_at)
            ;
            CREATE TABLE mail_cursors (
              name TEXT NOT NULL PRIMARY KEY,
              position BIGINT NOT NULL)
            """),
    ];
}
