using System.Globalization;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Reads subscriptions; each is its owner's alone.</summary>
internal static class SubscriptionRows
{
    /// <summary>The columns of a subscription that its owner sees.</summary>
    public const string Columns = "id, owner, url, filter, made_at as MadeAt, after_revision as AfterRevision, resume_at as ResumeAt";

    private const string ById = $"select {Columns} from subscription where id = @Id";

    /// <summary>The address of a subscription.</summary>
    public static string AddressOf(string id) => "/v1/subscriptions/" + id;

    /// <summary>The id of a delivery, the same each time that it is tried.</summary>
    public static string DeliveryId(string subscription, long revision) => string.Create(CultureInfo.InvariantCulture, $"{subscription}-{revision}");

    /// <summary>A subscription of the actor's.</summary>
    /// <exception cref="RefusalException">It does not exist (404), or is another's (403).</exception>
    public static async Task<SubscriptionRow> DemandAsync(IRegistryView view, string id, Actor actor)
    {
        var row = await view.Db.QuerySingleOrDefaultAsync<SubscriptionRow>(ById, new { Id = id }, view.Transaction) ?? throw Refusal.NotFound(Thing.Subscription, id);
        return row.Owner == actor.Code ? row : throw Refusal.Forbidden(AddressOf(id));
    }
}

/// <summary>A subscription, as stored.</summary>
internal sealed record SubscriptionRow(string Id, string Owner, string Url, string Filter, string MadeAt, long AfterRevision, string? ResumeAt);
