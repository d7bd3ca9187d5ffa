namespace Tributary.Payments.Rails.Card;

/// <summary>What becomes of refunds to a test card.</summary>
public enum TestCardRefunds
{
    /// <summary>They arrive at once.</summary>
    Succeed,

    /// <summary>They are pending for a while and then arrive.</summary>
    SucceedLater,

    /// <summary>They seem to arrive, and the bank sends them back.</summary>
    ComeBack,
}
