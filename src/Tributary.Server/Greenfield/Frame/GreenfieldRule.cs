namespace Tributary.Server.Greenfield.Frame;

/// <summary>What a route of the Greenfield dialect asks for, and what it is: one stands at every route, and tests and documents are made from it.</summary>
/// <param name="Scope">Where the policy has to hold.</param>
/// <param name="Policy">One of <see cref="Access.Policies"/>; null where a key alone is enough, or nothing is asked for.</param>
/// <param name="Answer">The schema of what it answers with; "" for an empty body. A name that ends with <c>[]</c> is a list.</param>
/// <param name="Summary">In a few words.</param>
internal sealed record GreenfieldRule(GreenfieldScope Scope, string? Policy, string Answer, string Summary)
{
    /// <summary>For everybody, without a key.</summary>
    public static GreenfieldRule Public(string answer, string summary) => new(GreenfieldScope.Public, null, answer, summary);

    /// <summary>For every key that is one.</summary>
    public static GreenfieldRule AnyKey(string answer, string summary) => new(GreenfieldScope.User, null, answer, summary);

    /// <summary>For keys that are granted something that belongs to no store.</summary>
    public static GreenfieldRule User(string policy, string answer, string summary) => new(GreenfieldScope.User, policy, answer, summary);

    /// <summary>For keys that are granted it in all stores of their user.</summary>
    public static GreenfieldRule AllStores(string policy, string answer, string summary) => new(GreenfieldScope.AllStores, policy, answer, summary);

    /// <summary>For keys that are granted it in the store of the path, <c>{storeId}</c>.</summary>
    public static GreenfieldRule Store(string policy, string answer, string summary) => new(GreenfieldScope.Store, policy, answer, summary);

    /// <summary>
    /// For keys that are granted it in some store: the handler finds the object, asks <see cref="GreenfieldCall.MayIn"/> for the object's store, and
    /// answers 404 where it may not.
    /// </summary>
    public static GreenfieldRule SomeStore(string policy, string answer, string summary) => new(GreenfieldScope.SomeStore, policy, answer, summary);
}
