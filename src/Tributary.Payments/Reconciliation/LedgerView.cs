using System.Globalization;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reconciliation;

/// <summary>The ledger's bitcoin and what is known of its way there, at one moment of the database. In millisatoshis.</summary>
/// <param name="Lightning">What channels should hold.</param>
/// <param name="LightningHeld">What HTLCs are held.</param>
/// <param name="OnChain">What outputs should add up to, confirmed or not.</param>
/// <param name="LightningCursor">The last event of the node that payments have applied.</param>
/// <param name="LightningSent">Outgoing Lightning payments that are in one of the two books only: negative for those that the ledger lacks.</param>
/// <param name="ChainSent">The same of transactions.</param>
/// <param name="HasCommands">Commands to the Lightning rail are not answered yet.</param>
/// <param name="IsChainCurrent">Payments have applied every output that the wallet knows of.</param>
/// <param name="Problems">Transfers that took another amount than the ledger was told.</param>
internal sealed record LedgerView(
    long Lightning, long LightningHeld, long OnChain, long LightningCursor, long LightningSent, long ChainSent, bool HasCommands, bool IsChainCurrent, IReadOnlyList<string> Problems)
{
    public static async ValueTask<LedgerView> ReadAsync(ISqlTransaction transaction, bool isLive, WalletFacts facts, CancellationToken cancellationToken)
    {
        var balances = await BalancesAsync(transaction, isLive, cancellationToken);
        var problems = new List<string>();
        var commands = await transaction.FirstOrDefaultAsync(
            "SELECT COUNT(*) FROM rail_commands WHERE rail = @rail", new SqlArguments { { "rail", nameof(RailKind.Lightning) } }, static row => row.Integer(0), cancellationToken);
        return new LedgerView(
            balances.GetValueOrDefault(AccountKind.LightningChannels),
            balances.GetValueOrDefault(AccountKind.LightningHeld),
            checked(balances.GetValueOrDefault(AccountKind.OnChain) + balances.GetValueOrDefault(AccountKind.OnChainUnconfirmed)),
            await RailCursors.ReadAsync(transaction, RailKind.Lightning, cancellationToken),
            await LightningSentAsync(transaction, cancellationToken),
            await ChainSentAsync(transaction, facts, problems, cancellationToken),
            commands > 0,
            await IsChainCurrentAsync(transaction, facts, cancellationToken),
            problems);
    }

    private static async ValueTask<Dictionary<AccountKind, long>> BalancesAsync(ISqlTransaction transaction, bool isLive, CancellationToken cancellationToken)
    {
        // Numbers leave PostgreSQL's sum wider than 64 bits; text is what both databases give alike.
        var rows = await transaction.QueryAsync(
            "SELECT account, CAST(SUM(amount) AS TEXT) FROM ledger_sums WHERE is_live = @live AND asset = @asset GROUP BY account",
            new SqlArguments { { "live", isLive }, { "asset", Asset.Bitcoin.Code } },
            static row => (Account: Enum.Parse<AccountKind>(row.Text(0)), Amount: long.Parse(row.Text(1), CultureInfo.InvariantCulture)),
            cancellationToken);
        return rows.ToDictionary(static row => row.Account, static row => row.Amount);
    }

    private static async ValueTask<long> LightningSentAsync(ISqlTransaction transaction, CancellationToken cancellationToken)
    {
        // Told by the node and not in the ledger; in the ledger and not told by the node yet.
        var rows = await transaction.QueryAsync(
            """
            SELECT p.amount + p.fee, r.amount + r.fee, o.outcome FROM rail_transfers r
            LEFT JOIN node_payments p ON p.payment_hash = r.reference
            LEFT JOIN outgoing_transfers o ON o.id = r.id
            WHERE r.rail = @rail AND r.state <> 'Failed'
              AND ((p.payment_hash IS NOT NULL AND COALESCE(o.outcome, '') <> 'sent') OR (p.payment_hash IS NULL AND o.outcome = 'sent'))
            """,
            new SqlArguments { { "rail", nameof(RailKind.Lightning) } },
            static row => row.IntegerOrNull(0) is { } sent ? -sent : row.Integer(1),
            cancellationToken);
        return rows.Sum();
    }

    private static async ValueTask<long> ChainSentAsync(ISqlTransaction transaction, WalletFacts facts, List<string> problems, CancellationToken cancellationToken)
    {
        var rows = await transaction.QueryAsync(
            "SELECT r.id, r.amount + r.fee, o.outcome FROM rail_transfers r LEFT JOIN outgoing_transfers o ON o.id = r.id WHERE r.rail = @rail AND r.state <> 'Failed'",
            new SqlArguments { { "rail", nameof(RailKind.OnChain) } },
            static row => (Id: row.Text(0), Cost: row.Integer(1), IsPosted: string.Equals(row.TextOrNull(2), "sent", StringComparison.Ordinal)),
            cancellationToken);
        var known = rows.ToDictionary(static row => row.Id, StringComparer.Ordinal);
        long difference = 0;
        foreach (var (id, taken) in facts.Transfers)
        {
            if (!known.TryGetValue(id, out var row))
                problems.Add($"Transfer {id} has taken {taken} msat from the wallet, and the database does not know it: it may be an older copy.");
            else if (row.Cost != taken)
                problems.Add($"Transfer {id} has taken {taken} msat from the wallet, and {row.Cost} msat were meant.");
            else if (!row.IsPosted)
                difference -= taken;
        }

        return difference + rows.Where(row => row.IsPosted && !facts.Transfers.ContainsKey(row.Id)).Sum(static row => row.Cost);
    }

    private static async ValueTask<bool> IsChainCurrentAsync(ISqlTransaction transaction, WalletFacts facts, CancellationToken cancellationToken)
    {
        var cursor = await RailCursors.ReadAsync(transaction, RailKind.OnChain, cancellationToken);
        var rows = await transaction.QueryAsync(
            "SELECT outpoint, amount, status, position FROM attempt_outputs",
            SqlArguments.None,
            static row => (OutPoint: row.Text(0), Amount: row.Integer(1), Counts: !string.Equals(row.Text(2), nameof(ReceiptStatus.Vanished), StringComparison.Ordinal), Position: row.Integer(3)),
            cancellationToken);
        return rows.TrueForAll(row => row.Position <= cursor && row.Counts == facts.AttemptOutputs.ContainsKey(row.OutPoint))
            && rows.Count(static row => row.Counts) == facts.AttemptOutputs.Count;
    }
}
