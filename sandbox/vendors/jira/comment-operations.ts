// Comments: made with properties, listed by the page, their properties only where they are asked for.
import { nowOf } from '../clock.ts';
import type { Reply } from '../simulator.ts';
import { complainOfDocument, LONGEST_TEXT, textOf } from './adf.ts';
import { refuse, refuseFields } from './errors.ts';
import { checkProperties } from './issue-fields.ts';
import { listParameter, type Operation, pageOf, type Visit, withIssue, writeIssue } from './operation.ts';
import { renderComment } from './render.ts';
import { type Comment, type Issue, nextId } from './site.ts';

/** Comments a page. @see https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/ */
const PAGE = { fallback: 100, most: 100 };

export const COMMENT_OPERATIONS: readonly Operation[] = [
  {
    name: 'getComments',
    method: 'GET',
    path: '/rest/api/3/issue/{issueIdOrKey}/comment',
    write: false,
    handle: (visit) =>
      withIssue(visit, (issue) => {
        const order = visit.request.query.get('orderBy');
        if (order !== null && !['created', '+created', '-created'].includes(order)) {
          return refuse(400, `The field '${order}' cannot be used to order comments.`);
        }
        const all = order === '-created' ? issue.comments.toReversed() : issue.comments;
        const { found, ...page } = pageOf(visit.request, all, PAGE);
        const withProperties = listParameter(visit.request, 'expand')?.includes('properties') ?? false;
        const comments = found.map((one) => renderComment(visit.jira, issue, one, withProperties));
        return { status: 200, body: { ...page, comments } };
      }),
  },
  {
    name: 'addComment',
    method: 'POST',
    path: '/rest/api/3/issue/{issueIdOrKey}/comment',
    write: true,
    handle: (visit) => withIssue(visit, (issue) => addComment(visit, issue)),
  },
];

function addComment(visit: Visit, issue: Issue): Reply {
  const { jira, site, body } = visit;
  return writeIssue(visit, issue, {
    permission: 'ADD_COMMENTS',
    refusal: refuse(400, 'You do not have the permission to comment on this issue.'),
    apply: () => {
      const strange = Object.keys(body).find((name) => !['body', 'properties', 'visibility'].includes(name));
      if (strange) return refuse(400, `The field '${strange}' is not known.`);
      if (typeof body.body !== 'object') return refuseFields({ comment: 'Comment body is not valid!' });
      if (complainOfDocument(body.body) !== null) return refuse(400, 'INVALID_INPUT');
      const text = textOf(body.body);
      if (text.trim() === '') return refuseFields({ comment: 'Comment body can not be empty!' });
      if (text.length > LONGEST_TEXT) {
        return refuseFields({
          comment: 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.',
        });
      }
      const properties = checkProperties(body.properties);
      if (typeof properties === 'string') return refuse(400, properties);
      const comment: Comment = { id: nextId(site), body: body.body, properties, createdAt: nowOf(site).toISOString() };
      issue.comments.push(comment);
      const withProperties = listParameter(visit.request, 'expand')?.includes('properties') ?? false;
      return { status: 201, body: renderComment(jira, issue, comment, withProperties) };
    },
  });
}
