using Tributary.Finance.State;

namespace Tributary.Finance.Engine;

/// <summary>One field of finance: its operations and the leaves that it adds to the state. A module is a folder and an entry in the table.</summary>
public interface IFinanceModule
{
    string Name { get; }

    /// <summary>The kinds of leaf that no other module writes.</summary>
    IReadOnlyList<LeafType> Leaves { get; }

    IReadOnlyList<OperationHandler> Operations { get; }
}
