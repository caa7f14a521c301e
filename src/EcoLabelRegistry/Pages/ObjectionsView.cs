using EcoLabelRegistry.Objections;

namespace EcoLabelRegistry.Pages;

/// <summary>The objections that stand beside a record, and where one objects to it: the partial <c>_Objections</c>.</summary>
/// <param name="About">Address of the record in the contract.</param>
/// <param name="Items">The first of them.</param>
/// <param name="HasMore">True when there are others.</param>
public sealed record ObjectionsView(string About, IReadOnlyList<ObjectionBeside> Items, bool HasMore)
{
    /// <summary>Those that a record carries.</summary>
    public static ObjectionsView Of(string room, string code, IReadOnlyList<ObjectionBeside>? items, long? count) =>
        new($"/v1/{room}/{code}", items ?? [], count > (items?.Count ?? 0));

    /// <summary>One of a list, as it stands beside a record.</summary>
    public static ObjectionBeside Beside(GetObjection.Response objection) =>
        new(objection.Id, objection.Text, objection.At, objection.Actor, objection.Answer);
}
