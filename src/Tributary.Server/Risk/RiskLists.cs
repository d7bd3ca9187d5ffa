using System.Net;
using System.Security.Cryptography;
using Tributary.Payments.Access;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Server.Risk;

/// <summary>
/// The lists that a policy asks about. They lie in the database by pseudonym, with a sealed label for people; the engine has them in memory and
/// takes them anew when their version changes, in whichever process it was changed.
/// </summary>
internal sealed class RiskLists(RiskService risk, IDatabase database, SecretBox box, TimeProvider clock) : BackgroundService
{
    /// <summary>Entries of one store at most.</summary>
    public const int EntriesMax = 5_000;

    private const int ReasonMax = 200;
    private const int ValueMax = 200;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private long _version = -1;

    /// <summary>What can be on a list, by the list: what it is called among identities, and what is asked for.</summary>
    public static IReadOnlyList<(string List, string Domain, string Words, string Hint)> Kinds { get; } =
    [
        ("blocked_customers", "customer", "Blocked customers", "cus_…, or the e-mail address of a guest"),
        ("blocked_cards", "card", "Blocked cards", "the card's number, which is not kept"),
        ("blocked_devices", "device", "Blocked devices", "the name that your shop gives it"),
        ("blocked_addresses", "address", "Blocked addresses", "203.0.113.7"),
        ("trusted_customers", "customer", "Trusted customers", "cus_…, or the e-mail address of a guest"),
    ];

    /// <summary>Entries of a store, the newest first.</summary>
    public async Task<List<RiskListEntry>> ListAsync(string storeId, bool isLive, CancellationToken cancellationToken) => await database.ReadAsync(
        (transaction, token) => transaction.QueryAsync(
            "SELECT list, pseudonym, label, reason, added_by, added_us FROM risk_list_entries WHERE store_id = @store AND is_live = @live ORDER BY added_us DESC LIMIT @limit",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", EntriesMax } },
            row => new RiskListEntry(
                row.Text(0), row.Text(1), Open(row.Bytes(2), row.Text(1)), row.Text(3), row.Text(4), new DateTimeOffset(row.Integer(5) * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero)),
            token),
        cancellationToken);

    /// <summary>Puts a value on a list, from now on. Refused: an unknown list, a value that is none of its kind, too many.</summary>
    public async Task<Refusal?> AddAsync(string storeId, bool isLive, string list, string value, string reason, string actor, CancellationToken cancellationToken)
    {
        if (Kinds.FirstOrDefault(kind => string.Equals(kind.List, list, StringComparison.Ordinal)) is not { Domain: { } domain })
            return new Refusal("list", "Choose a list.");
        if (!TryRead(domain, value, out var read, out var label))
            return new Refusal("value", domain switch { "address" => "Write an IP address, like 203.0.113.7.", "card" => "Write the card's number.", _ => $"Write a name of 1 to {ValueMax} characters." });
        var named = await risk.Engine.PseudonymAsync(domain, storeId, isLive, read, cancellationToken);
        return named.TryGet(out var pseudonym, out var refusal)
            ? await AddPseudonymAsync(storeId, isLive, list, pseudonym, label, reason, actor, cancellationToken)
            : refusal;
    }

    /// <summary>
    /// Puts what took part in a decision on a list: the customer, the card, the device or the address of a payment, which nobody here can spell out.
    /// </summary>
    public async Task<Refusal?> AddOfDecisionAsync(
        string storeId, bool isLive, string list, string reference, string label, string reason, string actor, CancellationToken cancellationToken)
    {
        if (Kinds.FirstOrDefault(kind => string.Equals(kind.List, list, StringComparison.Ordinal)) is not { Domain: { } domain })
            return new Refusal("list", "Choose a list.");
        return risk.Engine.FindParty(reference, domain) is { } pseudonym
            ? await AddPseudonymAsync(storeId, isLive, list, pseudonym, label, reason, actor, cancellationToken)
            : new Refusal("value", $"This payment came without a {domain}: there is nothing to put on the list.");
    }

    /// <summary>Takes an entry off its list, from now on; false where there is none.</summary>
    public async Task<bool> RemoveAsync(string storeId, bool isLive, string list, string pseudonym, CancellationToken cancellationToken)
    {
        var isRemoved = await database.WriteAsync(
            async (transaction, token) =>
            {
                var removed = await transaction.ExecuteAsync(
                    "DELETE FROM risk_list_entries WHERE list = @list AND pseudonym = @pseudonym AND store_id = @store AND is_live = @live",
                    new SqlArguments { { "list", list }, { "pseudonym", pseudonym }, { "store", storeId }, { "live", isLive } },
                    token);
                if (removed == 1)
                    await RaiseAsync(transaction, token);
                return removed == 1;
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return isRemoved;
    }

    // Before the server takes a request: nobody who is blocked passes because a list was still being read.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(s_pause, clock, stoppingToken);
            await LoadAsync(stoppingToken);
        }
    }

    private async Task<Refusal?> AddPseudonymAsync(
        string storeId, bool isLive, string list, string pseudonym, string label, string reason, string actor, CancellationToken cancellationToken)
    {
        var why = reason.Trim();
        if (why.Length > ReasonMax)
            return new Refusal("reason", $"A reason has at most {ReasonMax} characters.");
        var isFull = await database.WriteAsync(
            async (transaction, token) =>
            {
                var count = await transaction.FirstOrDefaultAsync(
                    "SELECT COUNT(*) FROM risk_list_entries WHERE store_id = @store AND is_live = @live",
                    new SqlArguments { { "store", storeId }, { "live", isLive } },
                    static row => row.Integer(0),
                    token);
                if (count >= EntriesMax)
                    return true;
                await transaction.ExecuteOneAsync(
                    """
                    INSERT INTO risk_list_entries (list, pseudonym, store_id, is_live, label, reason, added_by, added_us)
                    VALUES (@list, @pseudonym, @store, @live, @label, @reason, @by, @at)
                    ON CONFLICT (list, pseudonym) DO UPDATE SET reason = excluded.reason, added_by = excluded.added_by, added_us = excluded.added_us
                    """,
                    new SqlArguments
                    {
                        { "list", list },
                        { "pseudonym", pseudonym },
                        { "store", storeId },
                        { "live", isLive },
                        { "label", box.Seal(label, pseudonym) },
                        { "reason", why },
                        { "by", actor },
                        { "at", clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond },
                    },
                    token);
                await RaiseAsync(transaction, token);
                return false;
            },
            cancellationToken);
        if (isFull)
            return new Refusal("value", $"The lists of a store hold at most {EntriesMax} entries together: take off what is old.");
        await LoadAsync(cancellationToken);
        return null;
    }

    private static async ValueTask RaiseAsync(ISqlTransaction transaction, CancellationToken cancellationToken) => await transaction.ExecuteAsync(
        "INSERT INTO risk_list_version (id, version) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET version = risk_list_version.version + 1", SqlArguments.None, cancellationToken);

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var (version, entries) = await database.ReadAsync(
            async (transaction, token) =>
            {
                var current = await transaction.FirstOrDefaultAsync("SELECT version FROM risk_list_version WHERE id = 1", SqlArguments.None, static row => row.Integer(0), token);
                return current == Interlocked.Read(ref _version)
                    ? (current, null)
                    : (current, await transaction.QueryAsync("SELECT list, pseudonym FROM risk_list_entries", SqlArguments.None, static row => (List: row.Text(0), Pseudonym: row.Text(1)), token));
            },
            cancellationToken);
        if (entries is null)
            return;

        // A list that a policy's schema lacks, or too many entries, is a bug: both were checked when the entry was made.
        var byList = entries.GroupBy(static entry => entry.List, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => (IReadOnlyCollection<string>)[.. group.Select(static entry => entry.Pseudonym)], StringComparer.Ordinal);
        if (risk.Engine.UseLists((ulong)version, byList) is { } refusal)
            throw new InvalidOperationException(refusal.ToString());
        Interlocked.Exchange(ref _version, version);
    }

    private string Open(byte[] label, string pseudonym)
    {
        try
        {
            return box.Open(label, pseudonym);
        }
        catch (CryptographicException)
        {
            return "(the label cannot be read: the seal's key is another)";
        }
    }

    private static bool TryRead(string domain, string value, out string read, out string label)
    {
        read = label = value.Trim();
        if (read.Length is 0 or > ValueMax)
            return false;
        switch (domain)
        {
            case "address":
                if (!IPAddress.TryParse(read, out var address))
                    return false;
                read = label = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
                return true;
            case "card":
                read = new string([.. read.Where(char.IsAsciiDigit)]);
                label = read.Length >= 12 ? "•••• " + read[^4..] : "";
                return read.Length is >= 12 and <= 19;
            case "customer" when read.Contains('@', StringComparison.Ordinal):
                read = RiskParties.GuestOf(read);
                return true;
            default:
                return true;
        }
    }
}
