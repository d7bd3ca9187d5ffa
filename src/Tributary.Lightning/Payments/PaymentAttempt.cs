using Tributary.Lightning.Onions;
using Tributary.Lightning.Routing;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>One try to pay: one HTLC on one way.</summary>
public sealed class PaymentAttempt
{
    internal PaymentAttempt(PaymentRecord.AttemptStarted record) => Started = record;

    /// <summary>Counted from one.</summary>
    public ushort Number => Started.Attempt;

    public Route Route => Started.Route;

    /// <summary>Milliseconds since 1970.</summary>
    public long StartedAt => Started.StartedAt;

    /// <summary>The HTLC on our channel, once the channel took it.</summary>
    public HtlcKey? Htlc { get; internal set; }

    /// <summary>How it failed; null when it did not.</summary>
    public PaymentRecord.AttemptFailed? Failure { get; internal set; }

    /// <summary>The preimage that it brought.</summary>
    public Bytes32? Preimage { get; internal set; }

    /// <summary>It may still be fulfilled: its money counts as spent.</summary>
    public bool IsOutstanding => Failure is null && Preimage is null;

    /// <summary>Block height at which the HTLC can be taken back.</summary>
    public uint CltvExpiry => checked(Started.Height + Route.CltvDelta);

    internal PaymentRecord.AttemptStarted Started { get; }

    /// <summary>Shared with the hops; derived again from the session key after a restart.</summary>
    internal IReadOnlyList<Bytes32>? SharedSecrets { get; set; }

    /// <summary>Who failed it and how, in words.</summary>
    public override string ToString() => Failure is { } failure
        ? failure.Hop switch
        {
            -1 => "our channel did not carry it",
            -2 => "somebody on the way failed it in words that cannot be read",
            var hop => $"hop {hop + 1} of {Route.Hops.Count} said {(failure.Code == FailureCode.None ? "nothing that can be read" : failure.Code)}",
        }
        : Preimage is null ? "under way" : "fulfilled";
}
