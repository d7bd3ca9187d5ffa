using Tributary.Payments.Money;
using Tributary.Payments.Quotes;

namespace Tributary.Payments.Intents;

/// <summary>What can happen to an intent.</summary>
public abstract record IntentInput
{
    private IntentInput()
    {
    }

    /// <summary>A rail was chosen, to be confirmed later.</summary>
    public sealed record Attach(RailKind Rail) : IntentInput;

    /// <summary>A rail made an offer and the shopper has it: an invoice, an address, a card form.</summary>
    public sealed record Offer(PaymentAttempt Attempt) : IntentInput;

    /// <summary>A rail reports money.</summary>
    /// <param name="AttemptId">The attempt it came for.</param>
    /// <param name="Reference">The rail's name for the money.</param>
    /// <param name="Status">How it stands now.</param>
    /// <param name="Amount">In the attempt's asset; more than zero.</param>
    /// <param name="PriceNow">The price at present, for money that was first seen after the attempt's rate ran out.</param>
    /// <param name="CaptureBefore">For a hold: when it is given back.</param>
    public sealed record Report(string AttemptId, string Reference, ReceiptStatus Status, long Amount, BitcoinPrice? PriceNow, DateTimeOffset? CaptureBefore) : IntentInput;

    /// <summary>A rail refuses an attempt for good.</summary>
    public sealed record Fail(string AttemptId, string Code, string? DeclineCode, string Message) : IntentInput;

    /// <summary>The merchant takes what is held, or a part of it.</summary>
    public sealed record Capture(CurrencyAmount? Amount) : IntentInput;

    /// <summary>The merchant gives up, or a rule does.</summary>
    public sealed record Cancel(CancellationReason Reason) : IntentInput;

    /// <summary>The merchant changes what it says about the intent, or what it asks for.</summary>
    public sealed record Update(IntentEdit Edit) : IntentInput;

    /// <summary>Time has passed: attempts and the intent itself may be over.</summary>
    public sealed record Tick : IntentInput;
}
