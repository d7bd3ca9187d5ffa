using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Transfers;

/// <summary>The tables of the bitcoin rails. A step that was released is never changed.</summary>
public static class RailTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "rails";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "outgoing transfers, outputs of attempts", """
            CREATE TABLE rail_transfers (
              id TEXT NOT NULL PRIMARY KEY,
              rail TEXT NOT NULL,
              reference TEXT,
              state TEXT NOT NULL,
              amount BIGINT NOT NULL,
              fee BIGINT NOT NULL,
              proof TEXT,
              code TEXT,
              message TEXT,
              content {bytes},
              created_at BIGINT NOT NULL)
            ;
            CREATE INDEX rail_transfers_by_reference ON rail_transfers (rail, reference)
            ;
            CREATE TABLE attempt_outputs (
              outpoint TEXT NOT NULL PRIMARY KEY,
              address TEXT NOT NULL,
              amount BIGINT NOT NULL,
              status TEXT NOT NULL,
              position BIGINT NOT NULL UNIQUE)
            """),
    ];
}
