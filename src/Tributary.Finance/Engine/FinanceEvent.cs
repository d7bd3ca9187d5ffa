namespace Tributary.Finance.Engine;

/// <summary>Something that an accepted operation has brought about.</summary>
public abstract record FinanceEvent
{
    private protected FinanceEvent()
    {
    }
}
