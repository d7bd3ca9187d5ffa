namespace Tributary.Finance.State;

/// <summary>A value whose default stands for its absence.</summary>
public interface IEmptiable
{
    /// <summary>True for the value that stands for none.</summary>
    bool IsEmpty { get; }
}
