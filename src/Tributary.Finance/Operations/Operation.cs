using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Operations;

/// <summary>What is to happen, apart from who asks for it.</summary>
public abstract record Operation
{
    private protected Operation()
    {
    }

    /// <summary>Which operation this is.</summary>
    public abstract OperationCode Code { get; }

    /// <summary>Appends the fields; the reader stands beside it in the module.</summary>
    public abstract void WriteBody(ByteWriter writer);
}
