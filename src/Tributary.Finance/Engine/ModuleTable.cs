using Tributary.Finance.Accounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.Pools;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;

namespace Tributary.Finance.Engine;

/// <summary>The modules of an engine.</summary>
public sealed class ModuleTable
{
    private readonly OperationHandler?[] _handlers = new OperationHandler?[1 << 12];

    /// <summary>A table of these modules. Two that claim one operation or one kind of leaf are a bug.</summary>
    public ModuleTable(params IReadOnlyList<IFinanceModule> modules)
    {
        Modules = modules;
        foreach (var handler in modules.SelectMany(static module => module.Operations))
        {
            ref var place = ref _handlers[(int)handler.Code];
            place = place is null ? handler : throw new ArgumentException($"Two modules take {handler.Code}.", nameof(modules));
        }

        Leaves = [FinanceLeaves.Counters, .. modules.SelectMany(static module => module.Leaves)];
    }

    /// <summary>Every module.</summary>
    public static ModuleTable All { get; } = new(new AccountsModule(), new AssetsModule(), new TransfersModule(), new HtlcsModule(), new PoolsModule());

    /// <summary>The modules whose operations a batch can prove: all but the pools.</summary>
    public static ModuleTable Provable { get; } = new(new AccountsModule(), new AssetsModule(), new TransfersModule(), new HtlcsModule());

    public IReadOnlyList<IFinanceModule> Modules { get; }

    /// <summary>Every kind of leaf.</summary>
    public IReadOnlyList<LeafType> Leaves { get; }

    /// <summary>Every operation, by code.</summary>
    public IEnumerable<OperationHandler> Operations => _handlers.OfType<OperationHandler>();

    /// <summary>The handler of a code, or null.</summary>
    internal OperationHandler? Find(OperationCode code) => (int)code < _handlers.Length ? _handlers[(int)code] : null;
}
