WITH their_campaigns AS (
  SELECT
    CAST(NULL AS VARCHAR) AS campaign_id,
    CAST(NULL AS TIMESTAMPNTZ) AS sent_at,
    CAST(NULL AS BIGINT) AS recipients,
    CAST(NULL AS BIGINT) AS delivered,
    CAST(NULL AS BIGINT) AS unique_opens,
    CAST(NULL AS BIGINT) AS unique_clicks,
    CAST(NULL AS BIGINT) AS unsubscribes,
    CAST(NULL AS DOUBLE) AS open_rate,
    CAST(NULL AS DOUBLE) AS click_rate,
    CAST(NULL AS VARCHAR) AS workflow,
    CAST(NULL AS VARCHAR) AS variant,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line,
    CAST(NULL AS VARCHAR) AS attribute_0
  FROM (
    SELECT
      1 AS one
  ) AS nothing
  WHERE
    FALSE
), their_emails AS (
  SELECT
    CAST("MESSAGE_ID" AS VARCHAR) AS message_id,
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("SENT_AT" AS TIMESTAMPNTZ) AS sent_at,
    CAST("DELIVERED_AT" AS TIMESTAMPNTZ) AS delivered_at,
    CAST("OPENED_AT" AS TIMESTAMPNTZ) AS opened_at,
    CAST("CLICKED_AT" AS TIMESTAMPNTZ) AS clicked_at,
    CAST("MACHINE_OPEN" AS BOOLEAN) AS machine_open,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("VARIANT" AS VARCHAR) AS variant,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line,
    CAST("TIER" AS VARCHAR) AS attribute_0
  FROM "MAIL"."MESSAGES"
), their_leads AS (
  SELECT
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("CREATED_AT" AS TIMESTAMPNTZ) AS created_at,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("CHANNEL" AS VARCHAR) AS channel,
    CAST("REGION" AS VARCHAR) AS region,
    CAST("SEGMENT" AS VARCHAR) AS segment,
    CAST("OWNER" AS VARCHAR) AS owner,
    "SCORE" AS score,
    CAST("FIRST_RESPONSE_AT" AS TIMESTAMPNTZ) AS first_response_at,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line
  FROM "CRM"."LEADS"
), facts_campaigns AS (
  SELECT
    campaign_id,
    sent_at AS sent_at,
    recipients,
    delivered,
    unique_opens,
    unique_clicks,
    unsubscribes,
    open_rate,
    click_rate,
    workflow,
    variant,
    attribute_0,
    import_id,
    line
  FROM their_campaigns AS current_campaigns
), facts_emails AS (
  SELECT
    message_id,
    lead_id,
    sent_at AS sent_at,
    delivered_at AS delivered_at,
    opened_at AS opened_at,
    clicked_at AS clicked_at,
    machine_open,
    workflow,
    variant,
    attribute_0,
    import_id,
    line
  FROM their_emails AS current_emails
  WHERE
    NOT workflow IS NULL
  UNION ALL
  SELECT
    fact.message_id,
    fact.lead_id,
    fact.sent_at AS sent_at,
    fact.delivered_at AS delivered_at,
    fact.opened_at AS opened_at,
    fact.clicked_at AS clicked_at,
    fact.machine_open,
    origin.workflow,
    fact.variant,
    fact.attribute_0,
    fact.import_id,
    fact.line
  FROM their_emails AS fact
  LEFT JOIN their_leads AS origin
    ON fact.lead_id = origin.lead_id
  WHERE
    fact.workflow IS NULL
), records_delivery AS (
  SELECT
    COUNT(delivered_at) > 0 AS is_recorded
  FROM facts_emails AS emails
  WHERE
    workflow = 'lead-routing'
), messages AS (
  SELECT
    COALESCE(unit.attribute_0, 'unknown') AS segment,
    DATEADD(DAY, 1 - DAYOFWEEKISO(CAST(unit.sent_at AS DATE)), CAST(unit.sent_at AS DATE)) AS cohort_week,
    CASE
      WHEN CAST(unit.opened_at AS DATE) <= CAST('2024-06-30' AS DATE)
      AND NOT COALESCE(unit.machine_open, FALSE)
      THEN GREATEST_IGNORE_NULLS(
        CAST((
          DATEDIFF(
            DAY,
            CAST(DATEADD(DAY, 1 - DAYOFWEEKISO(CAST(unit.sent_at AS DATE)), CAST(unit.sent_at AS DATE)) AS DATE),
            CAST(DATEADD(DAY, 1 - DAYOFWEEKISO(CAST(unit.opened_at AS DATE)), CAST(unit.opened_at AS DATE)) AS DATE)
          )
        ) / 7 AS BIGINT),
        0
      )
    END AS age,
    1 AS units
  FROM facts_emails AS unit
  CROSS JOIN records_delivery
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.sent_at AS DATE) <= CAST('2024-06-30' AS DATE)
    AND (
      NOT unit.delivered_at IS NULL OR NOT records_delivery.is_recorded
    )
), mailings AS (
  SELECT
    COALESCE(unit.attribute_0, 'unknown') AS segment,
    DATEADD(DAY, 1 - DAYOFWEEKISO(CAST(unit.sent_at AS DATE)), CAST(unit.sent_at AS DATE)) AS cohort_week,
    CAST(COALESCE(unit.delivered, unit.recipients) AS BIGINT) AS delivered,
    CAST(unit.unique_opens AS BIGINT) AS counted
  FROM facts_campaigns AS unit
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.sent_at AS DATE) <= CAST('2024-06-30' AS DATE)
    AND COALESCE(unit.delivered, unit.recipients) > 0
    AND NOT unit.unique_opens IS NULL
), together AS (
  SELECT
    segment,
    cohort_week,
    age,
    units
  FROM messages
  UNION ALL
  SELECT
    segment,
    cohort_week,
    0 AS age,
    LEAST_IGNORE_NULLS(counted, delivered) AS units
  FROM mailings
  UNION ALL
  SELECT
    segment,
    cohort_week,
    NULL AS age,
    GREATEST_IGNORE_NULLS(delivered - counted, 0) AS units
  FROM mailings
)
SELECT
  segment,
  cohort_week,
  age,
  CAST(SUM(units) AS BIGINT) AS units
FROM together
GROUP BY
  1,
  2,
  3
