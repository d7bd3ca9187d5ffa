using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Books;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Storage;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Bitcoin;

/// <summary>
/// Payments to addresses of the server's wallet, or of one that it only watches: one address for each attempt, one receipt for each output that pays it, at any time. An output
/// is seen in the mempool, settled when it is deep enough for its amount, and reported again when the chain takes it back.
/// </summary>
public sealed class OnChainRail(ReceivingWallet receiving, IDatabase database, OnChainRailOptions options, TimeProvider time) : IPaymentRail
{
    /// <summary>Begins the note on an attempt's address.</summary>
    public const string LabelPrefix = "attempt ";

    private const string ConfirmationsWord = " confirmations ";
    private const string ElevatedWord = " elevated";
    private const int Batch = 500;

    // The wallet says when something changes; a look now and then makes up for a word that was missed.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    // A confirmation that comes right after the server's start waits for the wallet's.
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(5);

    private Opening<Wallet> Receiving => receiving.Wallet;

    private readonly Dictionary<string, ReceiptStatus> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _foreign = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Asked> _unlabelled = new(StringComparer.Ordinal);

    public RailKind Kind => RailKind.OnChain;

    public bool CanHold => false;

    public PaymentError? Check(CurrencyAmount amount, string? cardNumber) => null;

    public async ValueTask<Result<RailOffer, PaymentError>> OfferAsync(RailOfferRequest request, CancellationToken cancellationToken)
    {
        var due = (request.Quote ?? throw new ArgumentException("The chain takes bitcoin: there must be a quote.", nameof(request))).Bitcoin;
        if (request.Covers.MinorUnits > 0 && due < options.AmountMin.ToMilliSatoshis())
        {
            return PaymentError.Invalid(
                "amount_too_small", "payment_method_data[type]", $"On chain at least {options.AmountMin.Value} sat can be paid, and this payment takes {due.CeilingToSatoshis().Value} sat: pay by Lightning.");
        }

        if (await Receiving.TryWaitAsync(s_startPatience, time, cancellationToken) is not { } current)
            return PaymentError.Unavailable("chain_unavailable", "payment_method_data[type]", $"The wallet {Receiving.Problem}: try again in a moment, or pay in another way.");
        var issued = await current.NewAddressAsync(receiving.IsWatchOnly ? null : WalletAccountKind.Bip84, LabelOf(request), cancellationToken);
        if (!issued.TryGet(out var place, out var refusal))
            return PaymentError.Unavailable("chain_unavailable", "payment_method_data[type]", $"The wallet gives no address: {refusal.Reason}.");
        var address = place.Address.ToString();
        return new RailOffer(address, address, Asset.Bitcoin, due.Value, []) { Confirmations = Needed(due.CeilingToSatoshis(), new Asked(request.ConfirmationsMin, request.IsElevated)) };
    }

    /// <summary>Nothing can be held, given back or recalled: an address that is known can be paid for ever.</summary>
    public ValueTask<ImmutableArray<RailReport>> ExecuteAsync(RailCommand command, PaymentAttempt attempt, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ImmutableArray<RailReport>>([]);

    public async IAsyncEnumerable<RailEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var current = await Receiving.WaitAsync(cancellationToken);
        await LoadAsync(cancellationToken);
        while (true)
        {
            var changed = current.NextChange;
            await ScanAsync(current.ReadBooks(), cancellationToken);
            var outputs = await database.ReadAsync((transaction, token) => AttemptOutputs.ReadAsync(transaction, after, Batch, token), cancellationToken);
            foreach (var output in outputs)
            {
                after = output.Position;
                yield return new RailEvent(output.Position, new RailReport.Money(output.Address, output.OutPoint, output.Status, output.Amount, null));
            }

            if (outputs.Count == 0)
                await WorkSignal.WaitAsync(changed, s_pause, time, cancellationToken);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        _known.Clear();
        for (long after = 0; ;)
        {
            var some = await database.ReadAsync((transaction, token) => AttemptOutputs.ReadAsync(transaction, after, Batch, token), cancellationToken);
            if (some.Count == 0)
                return;
            foreach (var output in some)
                _known[output.OutPoint] = output.Status;
            after = some[^1].Position;
        }
    }

    // What the wallet says now against what was last told; only differences are written.
    private async Task ScanAsync(WalletBooks books, CancellationToken cancellationToken)
    {
        var changed = new List<AttemptOutput>();
        foreach (var booked in books.Transactions)
        {
            foreach (var output in booked.Received)
            {
                var outPoint = output.OutPoint.ToString();
                var before = _known.TryGetValue(outPoint, out var known) ? known : (ReceiptStatus?)null;
                var now = StatusOf(booked, output, await AskedAsync(output, cancellationToken), before);
                if (now == before || (before is null && now == ReceiptStatus.Vanished))
                    continue;
                if (await AddressOfAttemptAsync(output, cancellationToken) is not { } address)
                    continue;
                changed.Add(new AttemptOutput(outPoint, address, output.Output.Value.ToMilliSatoshis().Value, now, 0));
            }
        }

        if (changed.Count == 0)
            return;
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await AttemptOutputs.WriteAsync(transaction, changed, token);
                return true;
            },
            cancellationToken);
        foreach (var output in changed)
            _known[output.OutPoint] = output.Status;
    }

    private ReceiptStatus StatusOf(BookedTransaction booked, BookedOutput output, Asked asked, ReceiptStatus? before)
    {
        if (!booked.Counts)
            return ReceiptStatus.Vanished;
        var confirmations = booked.Transaction.Confirmations;
        if (confirmations == 0)
            return ReceiptStatus.Seen;

        // What is settled stays so while it is in a block: a reorganisation that keeps it takes nothing away.
        var needed = booked.Transaction.Transaction.IsCoinbase ? 101 : Needed(output.Output.Value, asked);
        return confirmations >= needed || before == ReceiptStatus.Settled ? ReceiptStatus.Settled : ReceiptStatus.Seen;
    }

    private int Needed(Satoshis amount, Asked asked) => Math.Max(options.ConfirmationsFor(amount, asked.IsElevated), asked.ConfirmationsMin);

    // The note on the address carries what the merchant and the risk gate asked for, so that it lasts as long as the address is watched.
    private static string LabelOf(RailOfferRequest request)
    {
        var label = LabelPrefix + request.AttemptId;
        if (request.ConfirmationsMin > 1)
            label += ConfirmationsWord + request.ConfirmationsMin.ToString(CultureInfo.InvariantCulture);
        return request.IsElevated ? label + ElevatedWord : label;
    }

    private async ValueTask<Asked> AskedAsync(BookedOutput output, CancellationToken cancellationToken)
    {
        if (output.Label is { } label)
            return Asked.Of(label);
        if (output.IsChange || !Address.TryFromScript(output.Output.ScriptPubKey, Receiving.Current!.Network, out var address))
            return Asked.Nothing;
        var text = address.ToString();
        if (_foreign.Contains(text))
            return Asked.Nothing;
        if (_unlabelled.TryGetValue(text, out var known))
            return known;
        var file = await database.ReadAsync((transaction, token) => PaymentStore.FindByReferenceAsync(transaction, RailKind.OnChain, text, token), cancellationToken);
        if (file?.Attempts.First(attempt => attempt.Rail == RailKind.OnChain && string.Equals(attempt.Reference, text, StringComparison.Ordinal)) is not { } attempt)
            return Asked.Nothing;
        return _unlabelled[text] = new Asked(file.Intent.Terms?.ConfirmationsMin ?? 1, attempt.IsElevated);
    }

    // By the note on the address; by the attempts themselves where a wallet was made anew from its words and has no notes.
    private async ValueTask<string?> AddressOfAttemptAsync(BookedOutput output, CancellationToken cancellationToken)
    {
        if (output.IsChange || !Address.TryFromScript(output.Output.ScriptPubKey, Receiving.Current!.Network, out var address))
            return null;
        var text = address.ToString();
        if (output.Label is { } label)
            return label.StartsWith(LabelPrefix, StringComparison.Ordinal) ? text : null;
        if (_foreign.Contains(text))
            return null;
        if (await database.ReadAsync((transaction, token) => AttemptOutputs.IsAttemptAsync(transaction, text, token), cancellationToken))
            return text;
        _foreign.Add(text);
        return null;
    }

    /// <summary>What an attempt asks for beyond the rule for its amount.</summary>
    private readonly record struct Asked(int ConfirmationsMin, bool IsElevated)
    {
        public static Asked Nothing { get; } = new(1, false);

        public static Asked Of(string label)
        {
            var at = label.IndexOf(ConfirmationsWord, StringComparison.Ordinal);
            var digits = at < 0 ? "" : label[(at + ConfirmationsWord.Length)..].Split(' ')[0];
            return new Asked(int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var min) ? min : 1, label.EndsWith(ElevatedWord, StringComparison.Ordinal));
        }
    }
}
