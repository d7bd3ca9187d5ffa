namespace Tributary.Finance.Operations;

/// <summary>How an operation came to the engine.</summary>
public enum OperationSource
{
    /// <summary>Chosen by the sequencer. A refusal changes nothing.</summary>
    Sequencer = 0,

    /// <summary>Posted on Bitcoin and due. A refusal of a well-authorised operation spends its index and changes nothing else.</summary>
    ForcedQueue = 1,

    /// <summary>Not asked for by an account: deposits seen on Bitcoin, and registrations by the operator.</summary>
    System = 2,
}
