using System.Text;
using Tributary.Payments.Access;
using Tributary.Payments.Checkout;
using Tributary.Payments.Customers;
using Tributary.Payments.Disputes;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Invoices;
using Tributary.Payments.Lnurl;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Payouts;
using Tributary.Payments.PullPayments;
using Tributary.Payments.Rails.Bitcoin.Signing;
using Tributary.Payments.Rails.Transfers;
using Tributary.Payments.Reconciliation;
using Tributary.Payments.Reporting;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Payments.Stores;
using Tributary.Payments.Webhooks;
using Tributary.Primitives.Contracts;
using Tributary.Server.Dashboard;
using Tributary.Server.Data;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Mail;
using Tributary.Server.Risk;
using Tributary.Server.Team;
using Tributary.Storage.Files;
using Tributary.Storage.Postgres;
using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Server.Payments;

/// <summary>Opens the payment database of a data folder, and makes the store and the test key of a fresh one.</summary>
internal static class PaymentStart
{
    /// <summary>The store of a fresh folder.</summary>
    public const string FirstStore = "store_main";

    internal const string SqliteFile = "payments.db";
    private const string KeyFile = "test-secret-key";
    private const string SealKeyFile = "seal-key";
    private const int ReadersMax = 8;

    /// <summary>The database, with its tables in the newest shape, which belongs to this folder; it gives the folder back when it is closed.</summary>
    /// <exception cref="DatabaseLostException">It cannot be opened; the message says what to do.</exception>
    /// <exception cref="MigrationException">Another version of the program wrote it; the message says what to do.</exception>
    public static async Task<IDatabase> OpenAsync(ServerFolder folder, PostgresAddress? postgres, TimeProvider clock, CancellationToken cancellationToken)
    {
        var database = new OwnedDatabase(
            postgres is null
                ? await OpenSqliteAsync(folder, cancellationToken)
                : await PostgresDatabase.OpenExclusiveAsync(postgres.ConnectionString, new PostgresLeaseOptions(ServerFolder.Holder), clock, cancellationToken),
            folder);
        try
        {
            await MigrateAsync(database, cancellationToken);
            await database.WriteAsync(new IdempotencyStore(clock).FreeAsync, cancellationToken);
            await database.WriteAsync((transaction, token) => RailCommands.ReviveAsync(transaction, clock.GetUtcNow(), token), cancellationToken);
            await database.WriteAsync((transaction, token) => OutgoingTransfers.ReviveAsync(transaction, clock.GetUtcNow(), token), cancellationToken);
            await FolderBinding.EnsureAsync(folder.Path, database, postgres is null ? DatabaseInfo.Sqlite : DatabaseInfo.Postgres, clock, cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task<IDatabase> OpenSqliteAsync(ServerFolder folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder.Path, SqliteFile);

        // SQLite reads an empty file as a new database, and gives its journals the mode that the file has.
        if (!File.Exists(path))
            await WritePrivateAsync(path, "", cancellationToken);
        return await SqliteDatabase.OpenAsync(path, ReadersMax, folder.Lease, cancellationToken);
    }

    private static async Task MigrateAsync(IDatabase database, CancellationToken cancellationToken)
    {
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, CheckoutTables.Module, CheckoutTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, ReportingTables.Module, ReportingTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, TeamTables.Module, TeamTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, AccessTables.Module, AccessTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, WebhookTables.Module, WebhookTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, CustomerTables.Module, CustomerTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, SetupTables.Module, SetupTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, DisputeTables.Module, DisputeTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, RailTables.Module, RailTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, SigningTables.Module, SigningTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, ReconciliationTables.Module, ReconciliationTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, OutgoingTables.Module, OutgoingTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, PayoutTables.Module, PayoutTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, StoreTables.Module, StoreTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, InvoiceTables.Module, InvoiceTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, PullPaymentTables.Module, PullPaymentTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, LnurlTables.Module, LnurlTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, GreenfieldTables.Module, GreenfieldTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, RiskTables.Module, RiskTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, WebhookLogTables.Module, WebhookLogTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, OutcomeTables.Module, OutcomeTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, RiskListTables.Module, RiskListTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, DeskTables.Module, DeskTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, MailTables.Module, MailTables.Migrations, cancellationToken);
        await MigrationRunner.MigrateAsync(database, FolderBinding.Module, FolderBinding.Migrations, cancellationToken);
    }

    /// <summary>
    /// The secret of the test key, for those who start the server: it moves no real money. It lies in a file that only the server's user reads; a
    /// file that is lost or foreign is replaced by a new key.
    /// </summary>
    public static async Task<string> EnsureTestKeyAsync(IDatabase database, ObjectIds ids, TimeProvider clock, string dataFolder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(dataFolder, KeyFile);
        if (File.Exists(path))
        {
            var known = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            if (await database.ReadAsync((transaction, token) => ApiKeyStore.FindAsync(transaction, known, token), cancellationToken) is { IsLive: false })
                return known;
        }

        var secret = await database.WriteAsync((transaction, token) => IssueFirstAsync(transaction, ids, clock, isLive: false, token), cancellationToken);
        await WritePrivateAsync(path, secret, cancellationToken);
        return secret;
    }

    /// <summary>
    /// The secret of a live key that is made where the store never had one: it moves real money, so it is told once and lies nowhere. Null where there
    /// was one before; the dashboard makes others.
    /// </summary>
    public static async Task<string?> EnsureLiveKeyAsync(IDatabase database, ObjectIds ids, TimeProvider clock, CancellationToken cancellationToken) =>
        await database.WriteAsync<string?>(
            async (transaction, token) => (await ApiKeyStore.ListAsync(transaction, FirstStore, isLive: true, 1, token)).Count > 0
                ? null
                : await IssueFirstAsync(transaction, ids, clock, isLive: true, token),
            cancellationToken);

    private static async ValueTask<string> IssueFirstAsync(ISqlTransaction transaction, ObjectIds ids, TimeProvider clock, bool isLive, CancellationToken cancellationToken)
    {
        await transaction.ExecuteAsync(
            "INSERT INTO stores (id, name, created_at) VALUES (@id, @name, @at) ON CONFLICT (id) DO NOTHING",
            new SqlArguments { { "id", FirstStore }, { "name", "My store" }, { "at", clock.GetUtcNow() } },
            cancellationToken);
        return (await new ApiKeyStore(ids, clock).IssueAsync(transaction, FirstStore, isLive, cancellationToken)).Secret;
    }

    /// <summary>
    /// What seals the secrets in the database: the key lies beside it in a file that only the server's user reads, and belongs into another backup
    /// than the database.
    /// </summary>
    /// <exception cref="DatabaseLostException">The file is damaged.</exception>
    public static async Task<SecretBox> OpenSealAsync(IEntropy entropy, string dataFolder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(dataFolder, SealKeyFile);
        if (!File.Exists(path))
        {
            var fresh = new byte[32];
            entropy.Fill(fresh);
            await WritePrivateAsync(path, Convert.ToHexStringLower(fresh), cancellationToken);
        }

        var text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        return text.Length == 64 && text.All(char.IsAsciiHexDigitLower)
            ? new SecretBox(Convert.FromHexString(text))
            : throw new DatabaseLostException($"'{path}' is damaged: restore it from a backup, or delete it and make the webhook endpoints anew.");
    }

    // Beside it first: a process that dies on the way leaves no half of a key.
    internal static async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var fresh = path + ".new";
        await using (var file = new FileStream(fresh, options))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);

        // The name too: a key that goes with a loss of power takes what it has sealed with it.
        FolderSync.Flush(Path.GetDirectoryName(path)!);
    }
}
