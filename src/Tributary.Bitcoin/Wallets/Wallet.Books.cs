using System.Collections.Immutable;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Wallets.Books;
using Tributary.Bitcoin.Wallets.State;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets;

/// <content>What accounts are kept from.</content>
public sealed partial class Wallet
{
    /// <summary>The wallet's books: one consistent moment.</summary>
    public WalletBooks ReadBooks()
    {
        lock (_sync)
        {
            var judgement = new WalletJudgement(State);
            var transactions = new List<BookedTransaction>(State.Transactions.Count);
            foreach (var entry in State.Transactions.Values.OrderBy(static entry => entry.Order))
                transactions.Add(new BookedTransaction(WalletViews.Transaction(State, judgement, entry), judgement.IsActive(entry), ReceivedOf(entry)));

            // An output of a transaction that counts, which no transaction that counts spends.
            var unspent = State.Outputs.Values
                .Where(output => judgement.IsActive(output.Parent) && judgement.Spender(output.OutPoint) is null)
                .Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Output.Value);
            return new WalletBooks(State.Tip, transactions, unspent);
        }
    }

    private ImmutableArray<BookedOutput> ReceivedOf(TransactionEntry entry)
    {
        var outputs = ImmutableArray.CreateBuilder<BookedOutput>();
        for (var i = 0; i < entry.Transaction.OutputCount; i++)
        {
            if (!State.Outputs.TryGetValue(entry.Transaction.OutPointOf(i), out var output))
                continue;
            var label = Address.TryFromScript(output.Output.ScriptPubKey, Network, out var address) ? State.Labels.GetValueOrDefault($"addr:{address}") : null;
            outputs.Add(new BookedOutput(output.OutPoint, output.Output, output.Place.IsChange, label));
        }

        return outputs.ToImmutable();
    }
}
