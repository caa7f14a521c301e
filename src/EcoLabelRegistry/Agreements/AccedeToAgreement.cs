using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>What a scheme declares that becomes a party.</summary>
public sealed record AccessionBody : Sourced
{
    /// <summary>Code of the scheme.</summary>
    public string? Scheme { get; init; }

    /// <summary>First day as a party.</summary>
    public PartialDate? Effective { get; init; }

    /// <summary>What it accepts of parties, and they of it.</summary>
    public IReadOnlyList<GrantEntry>? Grants { get; init; }

    /// <summary>The hash that a signature covers: of the agreement's code and the whole body in canonical JSON.</summary>
    public string TextHash(string agreement) => CanonicalJson.Digest(new JsonObject { ["agreement"] = agreement, ["accession"] = RecordJson.Node(this) });
}

/// <summary>Accedes to a multilateral agreement: signed by the caller's side, in effect when every party present has signed it.</summary>
/// <remarks>
/// Who has left may accede again, from the day after on which it left. While an accession waits, its scheme may send another in its place. A party that leaves meanwhile is no longer
/// waited for, unless a line names it on days on which it was a party.
/// </remarks>
public static class AccedeToAgreement
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/agreements/{code}/accessions", HandleAsync)
        .WithBodyExample("""
            {
              "scheme": "sgls", "effective": "2027-01-01",
              "grants": [{ "id": "sgls-geca", "recogniser": "sgls", "recognised": "geca", "level": "evidence", "categories": ["coatings"] }]
            }
            """)
        .WithExample("""{ "textHash": "e37d3924d524efe77b975bf5a213ed269e011a053ebe573b2e2769f8faa7017e", "awaits": ["geca", "green-seal"], "revision": 417 }""")
        .Refuses(
            ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.UnknownStandard, ProblemCode.UnknownEdition, ProblemCode.NotPossible, ProblemCode.Taken);

    private static async Task<WriteReply<AmendAgreement.Response>> HandleAsync(
        Parameters<Address> address, Body<AccessionBody> body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var written = await mediator.Send(new Request(address.Value.Code, body.Value, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(written, written.Revision, Subjects.Of(RecordKind.Agreement, address.Value.Code));
    }

    /// <param name="Code" example="asia-pacific-2026">Code of the agreement.</param>
    public sealed record Address(string Code);

    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="Body">Who accedes, and with which lines.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the agreement.</param>
    public sealed record Request(string Agreement, AccessionBody Body, Actor Actor, Precondition? IfMatch = null)
        : IRequest<AmendAgreement.Response>, IOwnedByRecords
    {
        /// <inheritdoc />
        public void Demand(RegistryAt registry)
        {
            if (Actor.LabelBody is null || Actor.IsStrangerTo(registry, Body.Scheme))
            {
                throw Refusal.Forbidden($"{Subjects.Of(RecordKind.Agreement, Agreement)}, {Body.Scheme}");
            }

            if (!registry.Agreements.ContainsKey(Agreement))
            {
                throw Refusal.NotFound(Thing.Agreement, Agreement);
            }
        }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Body).SetValidator(new Body()).OverridePropertyName("");

        private sealed class Body : SourcedRules<AccessionBody>
        {
            public Body()
            {
                RuleFor(a => a.Scheme).Required().IsCode();
                RuleFor(a => a.Effective).Required();
                RuleFor(a => a.Grants).AreDistinctBy(g => g.Id);
                RuleForEach(a => a.Grants).Required().SetValidator(new GrantRules.Grant());
            }
        }
    }

    internal sealed class Handler(ChangeLog log, TimeProvider clock) : IRequestHandler<Request, AmendAgreement.Response>
    {
        public Task<AmendAgreement.Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                var body = request.Body;
                var recorded = write.Registry.Agreements[request.Agreement];
                var before = recorded.Entry;
                var hash = body.TextHash(request.Agreement);
                var after = before.Accede(body, AsOf.Today(clock));
                Check(write.Registry, before, body, hash, after.Accessions![^1].Needs!);
                request.IfMatch?.Demand(recorded.Revision);
                var signers = request.Actor.SchemesAmong(write.Registry, after.Accessions![^1].Needs!);
                after = after.Sign(hash, signers, write.At, request.Actor);
                await write.PutAsync(RecordKind.Agreement, request.Agreement, after);
                await write.AppendAsync(request.Actor, "agreement-acceded", Subjects.Of(RecordKind.Agreement, request.Agreement), RecordJson.Node(body));
                return new AmendAgreement.Response(hash, [.. after.Accessions![^1].Missing], write.Revision);
            },
            cancel);

        private static void Check(RegistryAt registry, AgreementEntry agreement, AccessionBody body, string hash, IReadOnlyList<string> parties)
        {
            registry.Schemes.Require(Thing.Scheme, "scheme", body.Scheme);
            AgreementLife.Demand(agreement, AgreementAct.Accede, body.Scheme, body.Effective!.Value.FirstDay, "scheme");
            if (agreement.Documents.Any(d => d.TextHash == hash))
            {
                throw Refusal.Taken("textHash", hash);
            }

            var others = (agreement.Accessions ?? []).Where(a => a.IsSigned || a.Scheme != body.Scheme); // its own that waits gives way to this one
            var ids = agreement.Texts!.SelectMany(t => t.Grants ?? []).Concat(others.SelectMany(a => a.Grants ?? []))
                .Select(g => g.Id).ToHashSet(StringComparer.Ordinal);
            for (var i = 0; i < (body.Grants?.Count ?? 0); i++)
            {
                var (grant, member) = (body.Grants![i], $"grants[{i}]");
                GrantRules.Check(registry, grant, member);
                if (!ids.Add(grant.Id))
                {
                    throw Refusal.Invalid(member + ".id", new Message("fault.repeated", grant.Id));
                }

                // A line between two of the others would change their text without their amendment.
                if (grant.Recogniser != body.Scheme && grant.Recognised != body.Scheme)
                {
                    throw Refusal.Invalid(member, new Message("fault.line-of-others", body.Scheme));
                }

                var partner = grant.Recogniser == body.Scheme ? grant.Recognised! : grant.Recogniser!;
                if (!parties.Contains(partner, StringComparer.Ordinal))
                {
                    throw Refusal.Invalid(member, new Message("fault.not-a-party", partner));
                }
            }
        }
    }
}
